import math

import torch
from torch import nn

torch.manual_seed(0)


def positional_encoding(max_len, d_model):
    position = torch.arange(max_len).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
    pe = torch.zeros(max_len, d_model)
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 32)
        self.register_buffer("pe", positional_encoding(64, 32))
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), 2)
        self.decoder = nn.Linear(32, 10)

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.size(1))
        embedded = self.embedding(x) * math.sqrt(32)
        hidden = self.encoder(embedded + self.pe[:x.size(1)], mask)
        return self.decoder(hidden)


# Sequences that count up, modulo ten, by 1, 2 or 3.
starts = torch.randint(0, 10, (48, 1))
steps = torch.randint(1, 4, (48, 1))
data = (starts + steps * torch.arange(13)) % 10

model = LanguageModel()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.005)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 4, gamma=0.5)

for epoch in range(8):
    total = 0
    for batch in data.split(16):
        logits = model(batch[:, :-1])
        loss = criterion(logits.reshape(-1, 10), batch[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        total += loss.item()
    scheduler.step()
    print(f"epoch {epoch} loss {total / 3:.5f}")
