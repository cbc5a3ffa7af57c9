import type {
  DiagnosedModule,
  DiagnosedSlot,
  DiagnosedToken,
  TokenDiagnosis,
} from '../../contract/token-diagnosis.ts';
import type { PinState, TokenModule } from '../../contract/token.ts';

const pinWords: Readonly<Record<PinState, string>> = {
  ok: 'bình thường',
  'count-low': 'đã có lần nhập sai',
  'final-try': 'chỉ còn một lượt thử',
  locked: 'ĐÃ BỊ KHÓA',
  'must-be-changed': 'phải đổi trước khi dùng',
  'not-initialized': 'chưa đặt',
};

const day = (instant: string): string => instant.slice(0, 10).split('-').toReversed().join('/');

/** What was found, in lines for people: what is on the machine in full, what is not installed in one line. */
export function diagnosisLines(diagnosis: TokenDiagnosis): string[] {
  const there = diagnosis.modules.filter(({ exists, configured }) => exists || configured);
  const absent = diagnosis.modules.length - there.length;
  return [
    ...there.flatMap(moduleLines),
    ...(absent > 0 ? [`Chưa cài trên máy này: ${absent} thư viện khác đã biết (xem --json).`] : []),
    ...diagnosis.advice.map(({ text }) => `→ ${text}`),
  ];
}

function moduleLines(module: DiagnosedModule): string[] {
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
    ...module.slots.flatMap(slotLines),
    ...module.advice.map(({ text }) => `  → ${text}`),
  ];
}

function slotLines({ slot, description, token, error }: DiagnosedSlot): string[] {
  const state = error ? 'không đọc được' : token ? '' : 'chưa có thiết bị';
  const head = [`khe ${slot}`, description, state].filter(Boolean).join(' · ');
  return [`  ${head}`, ...(token?.initialized ? tokenLines(token) : [])];
}

function tokenLines(token: DiagnosedToken): string[] {
  const { min, max } = token.pinLength;
  const signing = token.mechanisms.filter(({ signs }) => signs).length;
  const pin = token.pinPad ? 'nhập mã PIN trên thiết bị' : `mã PIN ${min}–${max} ký tự`;
  return [
    `    ${token.label} · ${token.manufacturer} ${token.model} · số sê-ri ${token.serial} · ${pin}: ${pinWords[token.pinState]}` +
      ` · ${token.mechanisms.length} cơ chế, ${signing} để ký`,
    ...token.certificates
      .filter(({ role }) => role === 'end-entity')
      .map(
        ({ summary, keyUri, keyType, bits }) =>
          `      ${summary.commonName} · ${keyType?.toUpperCase() ?? '?'} ${bits ?? ''} · đến ${day(summary.notAfter)} · ${keyUri}`,
      ),
  ];
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
