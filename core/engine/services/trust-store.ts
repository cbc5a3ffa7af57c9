import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnchorView, OfferedAnchor } from '../../contract/trust.ts';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import { writeFileDurably } from '../../shared/durable-fs.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';
import {
  acceptAnchor,
  confirmAnchor,
  loadAnchors,
  loadCertificates,
  trustAnchor,
  type AnchorPurpose,
  type TrustAnchor,
} from '../../trust/anchors.ts';
import { readCertificates, type Certificate } from '../../trust/certificate.ts';
import { formatName } from '../../trust/distinguished-name.ts';
import { knownAnchorName } from '../../trust/known-anchors.ts';
import { type EngineContext, listAgencies } from '../context.ts';

const purposes = ['signature', 'timestamp'] as const satisfies readonly AnchorPurpose[];

/**
 * The administrator's anchors in the data folder (domain/vietnam.md §6.5). What a chosen file holds is kept here between
 * reading and accepting, so that the page names a fingerprint and never a path.
 */
export class TrustStore {
  readonly #context: EngineContext;
  #offered = new Map<string, Certificate>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  async list(): Promise<ProcedureOutput<'trust.list'>> {
    const anchors = [];
    for (const purpose of purposes)
      for (const anchor of await loadAnchors([this.#folder(purpose)], purpose))
        anchors.push({ ...describeAnchor(anchor), purpose });
    return { anchors };
  }

  async readFile({ path }: ParsedInput<'trust.read-file'>): Promise<ProcedureOutput<'trust.read-file'>> {
    const certificates = await loadCertificates([path]);
    this.#offered = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate]));
    return { offered: certificates.map((certificate) => this.#offer(certificate)) };
  }

  /** Errors: `verification.anchor-unknown`, `…anchor-unconfirmed`, `…demo-anchor-refused`, `…anchor-not-authority`. */
  async accept(input: ParsedInput<'trust.accept'>): Promise<ProcedureOutput<'trust.accept'>> {
    const { fingerprint, purpose, typed } = input;
    const certificate = this.#offered.get(fingerprint);
    if (!certificate) throw new AnThuError('verification.anchor-unknown', { fingerprint });
    const anchor = confirmAnchor(acceptAnchor(certificate, purpose, this.#agency()), [typed]);
    await writeFileDurably(join(this.#folder(purpose), `${fingerprint}.der`), certificate.der);
    this.#note('trust.accepted', fingerprint, {
      purpose,
      name: formatName(certificate.subject),
      class: anchor.class,
      confirmed: anchor.class === 'unknown' ? 'typed' : 'table',
    });
    return this.list();
  }

  async remove(input: ParsedInput<'trust.remove'>): Promise<ProcedureOutput<'trust.remove'>> {
    const { fingerprint, purpose, reason } = input;
    const folder = this.#folder(purpose);
    let removed = 0;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (!(await holdsOnly(path, fingerprint))) continue;
      await rm(path);
      removed++;
    }
    const left = (await this.list()).anchors.some(
      (anchor) => anchor.fingerprint === fingerprint && anchor.purpose === purpose,
    );
    // One that stands in a file with others is not taken out by half.
    if (removed === 0 || left) throw new AnThuError('verification.anchor-unknown', { fingerprint });
    this.#note('trust.removed', fingerprint, { purpose, reason });
    return this.list();
  }

  #offer(certificate: Certificate): OfferedAnchor {
    const described = describeAnchor(trustAnchor(certificate, 'signature'));
    try {
      const anchor = acceptAnchor(certificate, 'signature', this.#agency());
      const known = anchor.class !== 'unknown' || anchor.sample;
      return { ...described, accept: known ? 'known' : 'typed', error: null };
    } catch (error) {
      if (!(error instanceof AnThuError)) throw error;
      return { ...described, accept: 'refused', error: toErrorValue(error) };
    }
  }

  #agency(): 'sample' | 'real' {
    return listAgencies(this.#context.database).some(({ demo }) => demo) ? 'sample' : 'real';
  }

  #folder(purpose: AnchorPurpose): string {
    const { anchors, tsaAnchors } = this.#context.folder;
    return purpose === 'signature' ? anchors : tsaAnchors;
  }

  #note(action: string, subject: string, data: Record<string, unknown>): void {
    const { audit, actor, database } = this.#context;
    database.transaction(() => audit.append({ actor, action, subject, data }));
  }
}

async function holdsOnly(path: string, fingerprint: string): Promise<boolean> {
  try {
    const certificates = readCertificates(await readFile(path));
    return certificates.length === 1 && certificates[0]?.fingerprint === fingerprint;
  } catch {
    return false; // no certificate file
  }
}

function describeAnchor({ certificate, class: kind, sample }: TrustAnchor): AnchorView {
  return {
    fingerprint: certificate.fingerprint,
    name: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    class: kind,
    knownAs: knownAnchorName(certificate.fingerprint) ?? null,
    sample,
  };
}
