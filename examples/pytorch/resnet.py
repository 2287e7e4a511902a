import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

labels = torch.arange(32) % 4
images = torch.randn(32, 3, 32, 32) + labels.reshape(-1, 1, 1, 1) * 0.5


def conv_bn(in_planes, planes, kernel_size, stride):
    options = {"stride": stride, "padding": kernel_size // 2, "bias": False}
    return nn.Sequential(nn.Conv2d(in_planes, planes, kernel_size, **options), nn.BatchNorm2d(planes))


class BasicBlock(nn.Module):
    def __init__(self, in_planes, planes, stride):
        super().__init__()
        self.residual = nn.Sequential(conv_bn(in_planes, planes, 3, stride), nn.ReLU(), conv_bn(planes, planes, 3, 1))
        self.shortcut = nn.Identity() if stride == 1 else conv_bn(in_planes, planes, 1, stride)

    def forward(self, x):
        return F.relu(self.residual(x) + self.shortcut(x))


def make_layer(in_planes, planes, stride):
    first = BasicBlock(in_planes, planes, stride)
    return nn.Sequential(first, BasicBlock(planes, planes, 1), BasicBlock(planes, planes, 1))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv_bn(3, 16, 3, 1)
        self.layers = nn.Sequential(make_layer(16, 16, 1), make_layer(16, 32, 2), make_layer(32, 64, 2))
        self.linear = nn.Linear(64, 4)

    def forward(self, x):
        out = self.layers(F.relu(self.stem(x)))
        return self.linear(F.adaptive_avg_pool2d(out, 1).flatten(1))


model = ResNet()
optimizer = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9, weight_decay=5e-4)
for step in range(8):
    half = step % 2
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images.split(16)[half]), labels.split(16)[half])
    loss.backward()
    optimizer.step()
    print(f"step {step} loss {loss.item():.5f}")
