import { defineErrors } from './define.ts';

/** Errors of the room `audit`. */
export const auditErrors = defineErrors({
  'audit.not-an-export': {
    exit: 66,
    vi: 'Tệp {path} không phải nhật ký do Ấn Thư xuất ra, hoặc đã bị hỏng ở dòng {line}. Sổ không bị ảnh hưởng. Vui lòng xuất lại bằng «an-thu audit export».',
    en: '{path} is no log exported by Ấn Thư, or is damaged at line {line}. The register is unaffected. Please export it again with “an-thu audit export”.',
  },
});
