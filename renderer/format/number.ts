const whole = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });

/** 100000 → `100.000`. */
export function showCount(count: number): string {
  return whole.format(count);
}

/** 0.934 → `93 %`. */
export function showShare(share: number): string {
  return `${whole.format(Math.round(share * 100))} %`;
}

/** Bytes in the unit a person reads: `812 KB`, `1,4 MB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${whole.format(bytes / 1024)} KB`;
  return `${oneDigit.format(bytes / 1024 / 1024)} MB`;
}
