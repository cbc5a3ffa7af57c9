/** One step of the demo's report (design/cli.md, "The demo"). `detail` is the evidence. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface DocumentReport {
  readonly input: string;
  readonly ok: boolean;
  readonly steps: readonly Step[];
  readonly arrivalNumber: string | null;
  readonly signedPdf: string | null;
  readonly receipt: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

const words: Readonly<Record<string, string>> = {
  'picked-up': 'Lấy tệp từ thư mục quét',
  settled: 'Tệp đã ghi xong, nhận vào',
  'virus-check': 'Kiểm tra vi-rút',
  read: 'Nhận dạng chữ (OCR)',
  proposed: 'Đề xuất các trường',
  registered: 'Vào sổ, cấp số đến',
  signed: 'Ký số cơ quan',
  verified: 'Kiểm tra chữ ký',
  archived: 'Lưu trữ',
  uploaded: 'Gửi lên máy chủ tỉnh',
  acknowledged: 'Nhận biên nhận',
  fetched: 'Lấy gói từ hộp thư tỉnh',
  'status-01': 'Báo trạng thái 01 Đã đến',
  'status-03': 'Báo trạng thái 03 Đã tiếp nhận',
};

/** Gathers the steps of one document, printing each as it is known. */
export class StepLog {
  readonly steps: Step[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  add(name: string, ok: boolean, ms: number, detail: Record<string, unknown>): void {
    this.steps.push({ name, ok, ms: Math.round(ms), detail });
    const evidence = Object.entries(detail)
      .map(([key, value]) => `${key}=${short(value)}`)
      .join('  ');
    const time = `${Math.round(ms)} ms`.padStart(8);
    this.#print(`  ${ok ? '✓' : '✗'} ${(words[name] ?? name).padEnd(30)} ${time}  ${evidence}`);
  }

  get ok(): boolean {
    return this.steps.every((step) => step.ok);
  }
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^[0-9a-f]{64}$/.test(text)) return `${text.slice(0, 16)}…`;
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}
