import { z } from 'zod';

/** What a signer should know about a file before signing it; the words of the warning in both languages. */
export const signingConcerns = {
  'concern.unreachable-pages': {
    vi: 'Tệp chứa sẵn những trang không được hiển thị. Sau khi ký, người khác có thể làm cho chúng hiện ra.',
    en: 'The file holds pages that are not shown. After signing, others could make them appear.',
  },
  'concern.unreachable-objects': {
    vi: 'Tệp chứa sẵn hình hoặc phông chữ không được dùng. Sau khi ký, người khác có thể làm cho chúng hiện ra.',
    en: 'The file holds pictures or fonts that are not used. After signing, others could make them appear.',
  },
  'concern.dangling-references': {
    vi: 'Tệp nhắc đến những phần chưa có. Sau khi ký, người khác có thể thêm chúng vào để đổi nội dung hiển thị.',
    en: 'The file refers to parts that are not there. After signing, others could add them and change what is shown.',
  },
  'concern.javascript': {
    vi: 'Tệp chứa mã chạy tự động (JavaScript), có thể đổi nội dung hiển thị.',
    en: 'The file holds code that runs by itself (JavaScript) and can change what is shown.',
  },
  'concern.automatic-action': {
    vi: 'Tệp có lệnh tự chạy khi mở.',
    en: 'The file has an action that runs when it is opened.',
  },
  'concern.font-not-embedded': {
    vi: 'Tệp dùng phông chữ không nhúng kèm; trên máy khác, chữ có thể hiện khác đi.',
    en: 'The file uses fonts that are not embedded; on another machine the text may look different.',
  },
  'concern.optional-content': {
    vi: 'Tệp có lớp nội dung bật/tắt được; người xem có thể thấy nội dung khác nhau.',
    en: 'The file has layers that can be switched on and off; readers may see different contents.',
  },
  'concern.invisible-text': {
    vi: 'Trang có lớp chữ ẩn (thường do nhận dạng bản quét); nội dung tìm kiếm được có thể khác hình đang xem.',
    en: 'The page has a layer of invisible text (usual for recognised scans); what a search finds may differ from the picture.',
  },
  'concern.hidden-annotation': {
    vi: 'Trang có chú thích hoặc ô biểu mẫu đang bị ẩn.',
    en: 'The page has hidden annotations or form fields.',
  },
  'concern.not-fully-inspected': {
    vi: 'Tệp quá lớn hoặc quá phức tạp để xem hết trước khi ký.',
    en: 'The file is too large or too complex to be looked at fully before signing.',
  },
} as const satisfies Record<string, { readonly vi: string; readonly en: string }>;

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

/** Whether a code is that of a concern. */
export const isSigningConcern = (code: string): code is SigningConcernCode =>
  Object.hasOwn(signingConcerns, code);

/** The sentence of a concern with the pages it was seen on (`1, 2`, counted from one; empty when not known). */
export function concernSentence(code: SigningConcernCode, pages: string, language: 'vi' | 'en'): string {
  const where = pages === '' ? '' : language === 'vi' ? ` (trang ${pages})` : ` (page ${pages})`;
  return `${signingConcerns[code][language].replace(/\.$/, '')}${where}.`;
}

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
