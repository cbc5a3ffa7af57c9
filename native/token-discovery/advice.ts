import { type AdviceCode, adviceDefinitions, adviceText } from '../../core/contract/token-advice.ts';
import type { Advice, DiagnosedSlot, DiagnosedToken } from '../../core/contract/token-diagnosis.ts';
import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { shownDay } from '../../core/shared/clock.ts';
import { compareLives, isInForce } from '../token-host/certificate-in-force.ts';
import type { ModuleFindings } from './diagnose-module.ts';

type Detail = Readonly<Record<string, string | number>>;

/** Days before its end from which a certificate's renewal is recommended. */
const EXPIRING_DAYS = 30;
const DAY_MS = 86_400_000;

const order = { problem: 0, attention: 1, fine: 2 } as const;

/** One advice in the words of the contract. */
export function advise(code: AdviceCode, detail: Detail = {}): Advice {
  return {
    code,
    weight: adviceDefinitions[code].weight,
    text: adviceText(code, detail, 'vi'),
    detail: { ...detail },
  };
}

/** What to do about a module, worst first; one advice at least. */
export function adviceFor(module: ModuleFindings, now: Date): Advice[] {
  const found = module.error
    ? [moduleTrouble(module, module.error)]
    : [...module.slots.flatMap((slot) => slotAdvice(slot, now)), ...emptyAdvice(module)];
  const all = !module.exists && !module.configured ? [advise('module.not-installed')] : found;
  if (all.length === 0) return [advise('module.ready')];
  return all.toSorted((a, b) => order[a.weight] - order[b.weight]);
}

function moduleTrouble(module: ModuleFindings, error: ErrorValue): Advice {
  const text = (name: string): string => String(error.detail[name] ?? '');
  const reason = text('reason') || text('ckr') || error.code;
  switch (error.code) {
    case 'token.module-missing':
      return advise('module.configured-missing');
    case 'token.module-not-library':
      return advise('module.not-library');
    case 'token.module-wrong-architecture':
      return advise('module.wrong-architecture', { found: text('found'), expected: text('expected') });
    case 'token.module-load-failed':
      return advise('module.load-failed', { reason });
    case 'token.driver-timeout':
      return advise('module.hangs', {
        seconds: Number(error.detail['seconds'] ?? 0),
        operation: text('operation'),
      });
    case 'token.driver-crashed':
      return advise('module.crashes', { reason });
    default:
      return advise(module.loads ? 'module.answers-badly' : 'module.start-failed', { reason });
  }
}

function emptyAdvice(module: ModuleFindings): Advice[] {
  if (module.slots.length === 0) return [advise('module.no-slot')];
  const tokens = module.slots.flatMap(({ token }) => (token?.initialized ? [token] : []));
  if (tokens.length === 0)
    return module.slots.some(({ tokenPresent, error }) => tokenPresent || error)
      ? []
      : [advise('module.no-token')];
  const signing = tokens.filter(canSign);
  if (signing.length === 0) return [advise('module.no-signing')];
  return module.configured ? [] : [advise('module.not-used')];
}

const canSign = ({ mechanisms }: DiagnosedToken): boolean =>
  mechanisms.some(({ name, signs }) => signs && (name === 'CKM_RSA_PKCS' || name === 'CKM_ECDSA'));

function slotAdvice({ slot, token, error }: DiagnosedSlot, now: Date): Advice[] {
  if (error) {
    const reason = String(error.detail['ckr'] ?? error.code);
    return [advise('slot.unreadable', { slot, reason })];
  }
  if (!token) return [];
  if (!token.initialized) return [advise('token.uninitialized', { slot })];
  const name = token.label || token.serial;
  const leaves = token.certificates.filter(({ role }) => role === 'end-entity');
  return [
    ...(token.pinState === 'ok' || !token.loginRequired
      ? []
      : [advise(`token.pin-${token.pinState}`, { token: name })]),
    ...(leaves.length === 0 ? [advise('token.no-certificate', { token: name })] : []),
    ...Map.groupBy(leaves, ({ keyUri }) => keyUri)
      .values()
      .flatMap((ofKey) => keyAdvice(ofKey, now)),
  ];
}

/** A renewed certificate lies beside the old one: what is said is said of the one that signs, and which that is. */
function keyAdvice(certificates: readonly DiagnosedToken['certificates'][number][], now: Date): Advice[] {
  const [used] = certificates.map(({ summary }) => summary).toSorted((a, b) => compareLives(a, b, now));
  if (!used) return [];
  const about = { name: used.commonName, count: certificates.length };
  const several = isInForce(used, now)
    ? advise('certificate.several', { ...about, serial: used.serial, date: shownDay(used.notAfter) })
    : advise('certificate.none-in-force', about);
  return [...validityAdvice(used, now), ...(certificates.length > 1 ? [several] : [])];
}

function validityAdvice(
  { commonName, notBefore, notAfter }: { commonName: string; notBefore: string; notAfter: string },
  now: Date,
): Advice[] {
  const left = Date.parse(notAfter) - now.getTime();
  if (left < 0) return [advise('certificate.expired', { name: commonName, date: shownDay(notAfter) })];
  if (Date.parse(notBefore) > now.getTime())
    return [advise('certificate.not-yet-valid', { name: commonName, date: shownDay(notBefore) })];
  if (left > EXPIRING_DAYS * DAY_MS) return [];
  const days = Math.floor(left / DAY_MS);
  return [advise('certificate.expiring', { name: commonName, date: shownDay(notAfter), days })];
}
