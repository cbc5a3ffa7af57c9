/** Số, ký hiệu as people write it: `45/UBND-VP`; parts that are missing are left out. */
export function showNotation(docNumber: string, docNotation: string): string {
  return [docNumber, docNotation].filter((part) => part !== '').join('/');
}

/** Số đến with its số phụ: `12`, `12a`. */
export function showArrivalNumber(arrival: { number: number; suffix: string }): string {
  return `${arrival.number}${arrival.suffix}`;
}
