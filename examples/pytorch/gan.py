import math

import torch
from torch import nn

torch.manual_seed(0)


def weights_init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, 0.0, 0.2)
        nn.init.zeros_(m.bias)
    elif isinstance(m, nn.BatchNorm1d):
        nn.init.normal_(m.weight, 1.0, 0.02)


def hidden():
    return [nn.Linear(32, 32), nn.LeakyReLU(0.2)]


first = [nn.Linear(4, 32), nn.BatchNorm1d(32), nn.ReLU()]
generator = nn.Sequential(*first, *hidden(), nn.Linear(32, 2))
last = [nn.Linear(32, 1), nn.Sigmoid()]
discriminator = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), *hidden(), *last)
generator.apply(weights_init)
discriminator.apply(weights_init)

criterion = nn.BCELoss()
optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=0.002, betas=(0.5, 0.999))
optimizer_g = torch.optim.Adam(generator.parameters(), lr=0.002, betas=(0.5, 0.999))
real_label, fake_label = torch.ones(64, 1), torch.zeros(64, 1)

for step in range(120):
    # Points on a circle are what is real.
    angle = 2 * math.pi * torch.rand(64)
    real = torch.stack([angle.cos(), angle.sin()], 1)

    optimizer_d.zero_grad()
    loss_real = criterion(discriminator(real), real_label)
    loss_real.backward()
    fake = generator(torch.randn(64, 4))
    loss_fake = criterion(discriminator(fake.detach()), fake_label)
    loss_fake.backward()
    optimizer_d.step()

    optimizer_g.zero_grad()
    loss_g = criterion(discriminator(fake), real_label)
    loss_g.backward()
    optimizer_g.step()

    if step % 20 == 19:
        loss_d = loss_real.item() + loss_fake.item()
        print(f"step {step} loss_d {loss_d:.5f} loss_g {loss_g.item():.5f}")
