import { z } from 'zod';

/** What a signer should know about a file before signing it; the words of the warning. */
export const signingConcerns = {
  'concern.unreachable-pages':
    'Tệp chứa sẵn những trang không được hiển thị. Sau khi ký, người khác có thể làm cho chúng hiện ra.',
  'concern.unreachable-objects':
    'Tệp chứa sẵn hình hoặc phông chữ không được dùng. Sau khi ký, người khác có thể làm cho chúng hiện ra.',
  'concern.dangling-references':
    'Tệp nhắc đến những phần chưa có. Sau khi ký, người khác có thể thêm chúng vào để đổi nội dung hiển thị.',
  'concern.javascript': 'Tệp chứa mã chạy tự động (JavaScript), có thể đổi nội dung hiển thị.',
  'concern.automatic-action': 'Tệp có lệnh tự chạy khi mở.',
  'concern.font-not-embedded': 'Tệp dùng phông chữ không nhúng kèm; trên máy khác, chữ có thể hiện khác đi.',
  'concern.optional-content': 'Tệp có lớp nội dung bật/tắt được; người xem có thể thấy nội dung khác nhau.',
  'concern.invisible-text':
    'Trang có lớp chữ ẩn (thường do nhận dạng bản quét); nội dung tìm kiếm được có thể khác hình đang xem.',
  'concern.hidden-annotation': 'Trang có chú thích hoặc ô biểu mẫu đang bị ẩn.',
  'concern.not-fully-inspected': 'Tệp quá lớn hoặc quá phức tạp để xem hết trước khi ký.',
} as const;

/** `risk`: what attacks on signed files are prepared with; `note`: common and worth knowing. */
export const signingConcernSeverities: Readonly<Record<SigningConcernCode, 'risk' | 'note'>> = {
  'concern.unreachable-pages': 'risk',
  'concern.unreachable-objects': 'risk',
  'concern.dangling-references': 'risk',
  'concern.javascript': 'risk',
  'concern.automatic-action': 'note',
  'concern.font-not-embedded': 'note',
  'concern.optional-content': 'risk',
  'concern.invisible-text': 'note',
  'concern.hidden-annotation': 'risk',
  'concern.not-fully-inspected': 'note',
};

/** Whether a warning of a file is such a risk; for warnings that travel as code and sentence. */
export const isSigningRisk = (code: string): boolean =>
  Object.hasOwn(signingConcernSeverities, code) &&
  signingConcernSeverities[code as SigningConcernCode] === 'risk';

export const signingConcernCodeSchema = z.enum(
  Object.keys(signingConcerns) as [SigningConcernCode, ...SigningConcernCode[]],
);
export type SigningConcernCode = keyof typeof signingConcerns;

export const signingConcernSchema = z.object({
  code: signingConcernCodeSchema,
  /** Vietnamese sentence for the signer. */
  text: z.string(),
  /** `risk`: what attacks on signed files are prepared with; `note`: common and worth knowing. */
  severity: z.enum(['risk', 'note']),
  /** Some of the objects in question, with their zero-based page when known. */
  places: z.array(z.object({ object: z.string(), page: z.number().int().nullable() })),
});
export type SigningConcern = z.infer<typeof signingConcernSchema>;
