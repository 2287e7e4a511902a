import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


def spiral(k):
    t = torch.linspace(0.1, 1, 60)
    angle = 4 * t + 2.1 * k + 0.1 * torch.randn(60)
    return torch.stack([t * angle.sin(), t * angle.cos()], 1)


points = torch.cat([spiral(k) for k in range(3)])
labels = torch.arange(3).repeat_interleave(60)
loader = DataLoader(TensorDataset(points, labels), batch_size=45, shuffle=True)


class MLP(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        first = [nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(0.1)]
        second = [nn.Linear(hidden, hidden), nn.ReLU()]
        self.layers = nn.Sequential(*first, *second, nn.Linear(hidden, 3))

    def forward(self, x):
        return self.layers(x)


model = MLP(64)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-4)

for epoch in range(8):
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch} loss {total / len(loader):.5f}")

model.eval()
with torch.no_grad():
    accuracy = (model(points).argmax(1) == labels).float().mean().item()
print(f"accuracy {accuracy:.5f}")
