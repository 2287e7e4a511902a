import torch
from torch import nn

torch.manual_seed(0)

sentence = "the quick brown fox jumps over the lazy dog and the slow green turtle walks under the busy bee. "
text = sentence * 4
chars = sorted(set(text))
data = torch.tensor([chars.index(char) for char in text])


class CharRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(chars), 16)
        self.lstm = nn.LSTM(16, 64, num_layers=2, dropout=0.1, batch_first=True)
        self.head = nn.Linear(64, len(chars))

    def forward(self, x, before=None):
        out, state = self.lstm(self.embedding(x), before)
        return self.head(out), state


model = CharRNN()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(8):
    state, total = None, 0
    for start in range(0, 360, 60):
        x = data[start:start + 60].unsqueeze(0)
        y = data[start + 1:start + 61]
        logits, (h, c) = model(x, state)
        state = (h.detach(), c.detach())
        loss = criterion(logits.squeeze(0), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch} loss {total / 6:.5f}")

model.eval()
with torch.no_grad():
    written, state = "t", None
    for _ in range(60):
        x = torch.tensor([[chars.index(written[-1])]])
        logits, state = model(x, state)
        probabilities = torch.softmax(logits[0, -1], 0)
        written += chars[torch.multinomial(probabilities, 1).item()]
print(written)
