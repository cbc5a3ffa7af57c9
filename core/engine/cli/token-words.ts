import type {
  DiagnosedModule,
  DiagnosedSlot,
  DiagnosedToken,
  TokenDiagnosis,
} from '../../contract/token-diagnosis.ts';
import type { PinState, TokenModule } from '../../contract/token.ts';
import { shownDay } from '../../shared/clock.ts';
import type { KnownTries, TryCount } from '../../../native/token-host/try-counts.ts';

const pinWords: Readonly<Record<PinState, string>> = {
  ok: 'bình thường',
  'count-low': 'đã có lần nhập sai',
  'final-try': 'chỉ còn một lượt thử',
  locked: 'ĐÃ BỊ KHÓA',
  'must-be-changed': 'phải đổi trước khi dùng',
  'not-initialized': 'chưa đặt',
};

/**
 * What was found, in lines for people: what is on the machine in full, what is not installed in one line. `triesOf` is our own count;
 * the states of the diagnosis have it in them already.
 */
export function diagnosisLines(diagnosis: TokenDiagnosis, triesOf: KnownTries): string[] {
  const there = diagnosis.modules.filter(({ exists, configured }) => exists || configured);
  const absent = diagnosis.modules.length - there.length;
  return [
    ...there.flatMap((module) => moduleLines(module, triesOf)),
    ...(absent > 0 ? [`Chưa cài trên máy này: ${absent} thư viện khác đã biết (xem --json).`] : []),
    ...diagnosis.advice.map(({ text }) => `→ ${text}`),
  ];
}

function moduleLines(module: DiagnosedModule, triesOf: KnownTries): string[] {
  const made = module.header
    ? `${module.header.format} ${module.header.architectures.join('+')}`
    : 'không có tệp';
  const says = module.info
    ? `${module.info.description} ${module.info.libraryVersion} (${module.info.manufacturer})`
    : '';
  const facts = [module.vendor, made, says, module.configured ? 'được dùng' : 'chưa được dùng'];
  return [
    module.path,
    `  ${facts.filter(Boolean).join(' · ')}`,
    ...module.slots.flatMap((slot) => slotLines(slot, triesOf)),
    ...module.advice.map(({ text }) => `  → ${text}`),
  ];
}

function slotLines({ slot, description, token, error }: DiagnosedSlot, triesOf: KnownTries): string[] {
  const state = error ? 'không đọc được' : token ? '' : 'chưa có thiết bị';
  const head = [`khe ${slot}`, description, state].filter(Boolean).join(' · ');
  return [`  ${head}`, ...(token?.initialized ? tokenLines(token, triesOf(token.id)) : [])];
}

function tokenLines(token: DiagnosedToken, count: TryCount): string[] {
  const signing = token.mechanisms.filter(({ signs }) => signs).length;
  const failed = count.wrong > 0 ? ` (phần mềm đếm được ${count.wrong} lần sai)` : '';
  return [
    `    ${token.label} · ${token.manufacturer} ${token.model} · số sê-ri ${token.serial} · ${pinWay(token)}: ${pinWords[token.pinState]}${failed}` +
      ` · ${token.mechanisms.length} cơ chế, ${signing} để ký`,
    ...token.certificates
      .filter(({ role }) => role === 'end-entity')
      .map(
        ({ summary, keyUri, keyType, bits }) =>
          `      ${summary.commonName} · ${keyType?.toUpperCase() ?? '?'} ${bits ?? ''} · đến ${shownDay(summary.notAfter)} · ${keyUri}`,
      ),
  ];
}

/** Tokens that give no bound say 0 or less. */
function pinWay({ pinPad, pinLength: { min, max } }: DiagnosedToken): string {
  if (pinPad) return 'mã PIN, có bàn phím riêng';
  return max > 0 ? `mã PIN ${min}–${max} ký tự` : 'mã PIN';
}

/** Soft tokens, marked as what they are. */
export function softTokenLines(modules: readonly TokenModule[]): string[] {
  return modules
    .filter(({ kind }) => kind === 'soft')
    .flatMap(({ path, error, tokens }) => [
      `Khóa mềm (tệp PKCS#12, không dùng cho chữ ký chính thức): ${path}${error ? ` – ${error.message}` : ''}`,
      ...tokens.flatMap(({ keys }) =>
        keys.map(({ uri, certificate, label }) => `    ${certificate?.commonName ?? label} · ${uri}`),
      ),
    ]);
}

/** Whether something that is allowed to be used cannot be, or nothing can. */
export function hasProblem({ modules, advice }: TokenDiagnosis): boolean {
  const problem = (each: { weight: string }): boolean => each.weight === 'problem';
  return advice.some(problem) || modules.some((module) => module.configured && module.advice.some(problem));
}
