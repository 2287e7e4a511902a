import { both, constant, indices, normal, uniform } from "./case.js";

const images = normal(16, 64, 32, 32);

export const windows = {
  conv1d: both(
    [normal(16, 64, 1024), normal(64, 64, 3), normal(64)],
    (a, b, c) => a.conv1d(b, c, { padding: 1 }),
    "F.conv1d(a, b, c, padding=1)",
  ),
  conv2d: both(
    [images, normal(64, 64, 3, 3), normal(64)],
    (a, b, c) => a.conv2d(b, c, { padding: 1 }),
    "F.conv2d(a, b, c, padding=1)",
  ),
  "conv2d 1×1": both([images, normal(64, 64, 1, 1), normal(64)], (a, b, c) => a.conv2d(b, c), "F.conv2d(a, b, c)"),
  "conv2d 5×5": both(
    [images, normal(64, 64, 5, 5), normal(64)],
    (a, b, c) => a.conv2d(b, c, { padding: 2 }),
    "F.conv2d(a, b, c, padding=2)",
  ),
  "conv2d 7×7 stride 2": both(
    [normal(8, 3, 224, 224), normal(64, 3, 7, 7), normal(64)],
    (a, b, c) => a.conv2d(b, c, { stride: 2, padding: 3 }),
    "F.conv2d(a, b, c, stride=2, padding=3)",
  ),
  "conv2d stride 2": both(
    [images, normal(128, 64, 3, 3), normal(128)],
    (a, b, c) => a.conv2d(b, c, { stride: 2, padding: 1 }),
    "F.conv2d(a, b, c, stride=2, padding=1)",
  ),
  "conv2d dilation 2": both(
    [images, normal(64, 64, 3, 3), normal(64)],
    (a, b, c) => a.conv2d(b, c, { dilation: 2, padding: 2 }),
    "F.conv2d(a, b, c, dilation=2, padding=2)",
  ),
  "conv2d depthwise": both(
    [images, normal(64, 1, 3, 3), normal(64)],
    (a, b, c) => a.conv2d(b, c, { groups: 64, padding: 1 }),
    "F.conv2d(a, b, c, groups=64, padding=1)",
  ),
  "conv2d groups": both(
    [images, normal(64, 8, 3, 3), normal(64)],
    (a, b, c) => a.conv2d(b, c, { groups: 8, padding: 1 }),
    "F.conv2d(a, b, c, groups=8, padding=1)",
  ),
  conv3d: both(
    [normal(4, 16, 16, 32, 32), normal(32, 16, 3, 3, 3), normal(32)],
    (a, b, c) => a.conv3d(b, c, { padding: 1 }),
    "F.conv3d(a, b, c, padding=1)",
  ),
  "conv3d stride 2": both(
    [normal(4, 16, 16, 32, 32), normal(32, 16, 3, 3, 3), normal(32)],
    (a, b, c) => a.conv3d(b, c, { stride: 2, padding: 1 }),
    "F.conv3d(a, b, c, stride=2, padding=1)",
  ),
  convTranspose1d: both(
    [normal(16, 64, 512), normal(64, 64, 4), normal(64)],
    (a, b, c) => a.convTranspose1d(b, c, { stride: 2, padding: 1 }),
    "F.conv_transpose1d(a, b, c, stride=2, padding=1)",
  ),
  convTranspose2d: both(
    [normal(16, 64, 16, 16), normal(64, 64, 4, 4), normal(64)],
    (a, b, c) => a.convTranspose2d(b, c, { stride: 2, padding: 1 }),
    "F.conv_transpose2d(a, b, c, stride=2, padding=1)",
  ),
  convTranspose3d: both(
    [normal(4, 16, 8, 16, 16), normal(16, 16, 4, 4, 4), normal(16)],
    (a, b, c) => a.convTranspose3d(b, c, { stride: 2, padding: 1 }),
    "F.conv_transpose3d(a, b, c, stride=2, padding=1)",
  ),
  maxPool1d: both([normal(16, 64, 1024)], (a) => a.maxPool1d(2), "F.max_pool1d(a, 2)"),
  maxPool2d: both([images], (a) => a.maxPool2d(2), "F.max_pool2d(a, 2)"),
  "maxPool2d 3×3 stride 2": both(
    [images],
    (a) => a.maxPool2d(3, { stride: 2, padding: 1 }),
    "F.max_pool2d(a, 3, 2, 1)",
  ),
  maxPool3d: both([normal(4, 16, 16, 32, 32)], (a) => a.maxPool3d(2), "F.max_pool3d(a, 2)"),
  avgPool1d: both([normal(16, 64, 1024)], (a) => a.avgPool1d(2), "F.avg_pool1d(a, 2)"),
  avgPool2d: both([images], (a) => a.avgPool2d(2), "F.avg_pool2d(a, 2)"),
  "avgPool2d 3×3 stride 1": both(
    [images],
    (a) => a.avgPool2d(3, { stride: 1, padding: 1 }),
    "F.avg_pool2d(a, 3, 1, 1)",
  ),
  avgPool3d: both([normal(4, 16, 16, 32, 32)], (a) => a.avgPool3d(2), "F.avg_pool3d(a, 2)"),
  adaptiveAvgPool2d: both([images], (a) => a.adaptiveAvgPool2d(7), "F.adaptive_avg_pool2d(a, 7)"),
  "adaptiveAvgPool2d 1": both([images], (a) => a.adaptiveAvgPool2d(1), "F.adaptive_avg_pool2d(a, 1)"),
  adaptiveMaxPool2d: both([images], (a) => a.adaptiveMaxPool2d(7), "F.adaptive_max_pool2d(a, 7)"),
  lpPool2d: both([images], (a) => a.lpPool2d(2, 2), "F.lp_pool2d(a, 2, 2)"),
  maxUnpool2d: both(
    [normal(16, 64, 16, 16), indices(1024, 16, 64, 16, 16)],
    (a, b) => a.maxUnpool2d(b, 2),
    "F.max_unpool2d(a, b, 2)",
  ),
  unfold: both([normal(16, 8, 32, 32)], (a) => a.im2col(3, { padding: 1 }), "F.unfold(a, 3, padding=1)"),
  fold: both([normal(16, 72, 1024)], (a) => a.col2im(32, 3, { padding: 1 }), "F.fold(a, 32, 3, padding=1)"),
  "interpolate nearest": both(
    [normal(16, 16, 32, 32)],
    (a) => a.interpolate({ scaleFactor: 2 }),
    "F.interpolate(a, scale_factor=2)",
  ),
  "interpolate bilinear": both(
    [normal(16, 16, 32, 32)],
    (a) => a.interpolate({ scaleFactor: 2, mode: "bilinear" }),
    "F.interpolate(a, scale_factor=2, mode='bilinear')",
  ),
  "interpolate bilinear down": both(
    [images],
    (a) => a.interpolate({ size: 20, mode: "bilinear" }),
    "F.interpolate(a, size=20, mode='bilinear')",
  ),
  "interpolate bicubic": both(
    [normal(16, 16, 32, 32)],
    (a) => a.interpolate({ scaleFactor: 2, mode: "bicubic" }),
    "F.interpolate(a, scale_factor=2, mode='bicubic')",
  ),
  "interpolate area": both(
    [images],
    (a) => a.interpolate({ size: 16, mode: "area" }),
    "F.interpolate(a, size=16, mode='area')",
  ),
  gridSample: both(
    [images, uniform(16, 32, 32, 2)],
    (a, b) => a.gridSample(b, { alignCorners: false }),
    "F.grid_sample(a, b, align_corners=False)",
  ),
  "gridSample nearest": both(
    [images, constant(uniform(16, 32, 32, 2))],
    (a, b) => a.gridSample(b, { mode: "nearest", alignCorners: false }),
    "F.grid_sample(a, b, mode='nearest', align_corners=False)",
  ),
};
