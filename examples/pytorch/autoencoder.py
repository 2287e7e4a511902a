import torch
from torch import nn

torch.manual_seed(0)

# Images of 16 x 16 with a bright spot somewhere.
centres = torch.rand(64, 2, 1, 1) * 12 + 2
y, x = torch.meshgrid(torch.arange(16.), torch.arange(16.), indexing="ij")
distance = (y - centres[:, 0]) ** 2 + (x - centres[:, 1]) ** 2
images = torch.exp(-distance / 8).unsqueeze(1)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, 8),
        )
        self.decoder = nn.Sequential(
            nn.Linear(8, 256), nn.ReLU(), nn.Unflatten(1, (16, 4, 4)),
            nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1), nn.Sigmoid(),
        )

    def forward(self, input):
        return self.decoder(self.encoder(input))


model = Autoencoder()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)

for epoch in range(8):
    total = 0
    for indices in torch.randperm(64).split(16):
        batch = images[indices]
        noisy = batch + 0.1 * torch.randn_like(batch)
        loss = criterion(model(noisy), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch} loss {total / 4:.5f}")
