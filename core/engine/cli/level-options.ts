import { padesLevels } from '../../contract/pades-levels.ts';
import { systemClock } from '../../shared/clock.ts';
import type { LevelServices, PadesLevel, ReachedLevel } from '../../signing/levels.ts';
import type { RevocationAnswer } from '../../signing/revocation-client.ts';
import { TsaPatience } from '../../signing/tsa-patience.ts';
import { loadAnchors, loadCertificates, type TrustAnchor } from '../../trust/anchors.ts';
import type { Certificate } from '../../trust/certificate.ts';
import { type CommandArguments, text, texts, usage } from './arguments.ts';

/** Options of the commands that make or raise PAdES levels (design/cli.md, "sign, extend"). */
export const levelOptions = {
  tsa: { type: 'string' },
  trust: { type: 'string', multiple: true },
  certs: { type: 'string', multiple: true },
  'password-env': { type: 'string' },
} as const;

/** The level asked for; what it rests on must be named. Throws `general.usage`. */
export function levelOf(args: CommandArguments): PadesLevel {
  const level = padesLevels.find((known) => known === text(args, 'level'));
  if (!level) throw usage('--level phải là B-B, B-T, B-LT hoặc B-LTA');
  if ((level === 'B-LT' || level === 'B-LTA') && texts(args, 'trust').length === 0)
    throw usage(`mức ${level} cần --trust (chứng thư gốc)`);
  return level;
}

/** The password of `--password-env`. Throws `general.usage`. */
export function passwordOf(args: CommandArguments): string | undefined {
  const name = text(args, 'password-env');
  if (name === undefined) return undefined;
  const value = process.env[name];
  if (value === undefined) throw usage(`biến môi trường ${name} không có giá trị`);
  return value;
}

/** Anchors, further certificates and the services of one command; revocation answers are asked for once. */
export interface CommandServices {
  readonly anchors: readonly TrustAnchor[];
  readonly extraCertificates: readonly Certificate[];
  readonly services: LevelServices;
}

/** Reads `--trust`, `--certs` and `--tsa`. Throws `verification.certificate-*`. */
export async function loadServices(args: CommandArguments): Promise<CommandServices> {
  const anchors = await loadAnchors(texts(args, 'trust'), 'signature');
  const extraCertificates = await loadCertificates(texts(args, 'certs'));
  const tsa = text(args, 'tsa');
  return {
    anchors,
    extraCertificates,
    services: {
      ...(tsa !== undefined && { tsa: { url: tsa, patience: new TsaPatience(systemClock) } }),
      ...(anchors.length > 0 && { trust: { anchors, extraCertificates } }),
      revocation: { cache: new Map<string, RevocationAnswer>() },
    },
  };
}

/** Why a level is pending, as warnings of a file's entry. */
export function pendingWarnings({
  timestampError,
  revocationError,
}: ReachedLevel): { readonly code: string; readonly message: string }[] {
  return [timestampError, revocationError].flatMap((error) =>
    error ? [{ code: error.code, message: error.message }] : [],
  );
}
