const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 50000 → "50,000". */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** 0.71305 → "71.31 %". */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** 83.2 → "1 min 23 s". Short times keep a digit: "9.4 s". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
