"""Measures PyTorch on the training steps of children/network.ts. Arguments: the network's name, and the number of threads."""

import sys
import time

import torch
from torch import nn

from pytorch import answer


class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        inner = self.relu(self.bn1(self.conv1(x)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(self.bn2(self.conv2(inner)) + shortcut)


def resnet20_model():
    def stage(in_channels, out_channels, stride):
        return [Block(in_channels, out_channels, stride)] + [Block(out_channels, out_channels, 1) for _ in range(2)]

    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        *stage(16, 16, 1), *stage(16, 32, 2), *stage(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )


class LanguageTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(256, 256)
        layer = nn.TransformerEncoderLayer(256, 4, dim_feedforward=1024, dropout=0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 4)
        self.head = nn.Linear(256, 256)
        self.mask = nn.Transformer.generate_square_subsequent_mask(64)

    def forward(self, tokens):
        return self.head(self.encoder(self.embedding(tokens), mask=self.mask))


class LanguageLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(128, 128)
        self.lstm = nn.LSTM(128, 256, num_layers=2, batch_first=True)
        self.head = nn.Linear(256, 128)

    def forward(self, tokens):
        return self.head(self.lstm(self.embedding(tokens))[0])


def training(model, optimizer, inputs, targets, vocabulary=10):
    criterion = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        criterion(model(inputs).reshape(-1, vocabulary), targets).backward()
        optimizer.step()

    return step


def mlp():
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    return training(model, optimizer, torch.rand(128, 784), torch.randint(10, (128,)))


def resnet20():
    model = resnet20_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    return training(model, optimizer, torch.rand(64, 3, 32, 32), torch.randint(10, (64,)))


def transformer():
    model = LanguageTransformer()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001)
    return training(model, optimizer, torch.randint(256, (16, 64)), torch.randint(256, (16 * 64,)), 256)


def lstm():
    model = LanguageLSTM()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    return training(model, optimizer, torch.randint(128, (32, 64)), torch.randint(128, (32 * 64,)), 128)


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(int(sys.argv[2]))
    step = {"mlp": mlp, "resnet20": resnet20, "transformer": transformer, "lstm": lstm}[sys.argv[1]]()

    def measure():
        start, start_processor = time.perf_counter(), time.process_time()
        step()
        return {
            "wall": (time.perf_counter() - start) * 1e3,
            "processor": (time.process_time() - start_processor) * 1e3,
        }

    answer(measure)
