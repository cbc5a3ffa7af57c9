import type { PdfDocument } from '../pdf/document.ts';
import { AnThuError } from '../shared/errors.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';
import {
  joinEvidence,
  noEvidence,
  readEvidence,
  type RevocationEvidence,
} from '../trust/revocation-evidence.ts';
import type { SignedData } from './cms.ts';
import { chainRevocation, EvidenceFetcher, type ChainRevocation } from './revocation.ts';
import { readSecurityStore, type ValidationMaterial } from './security-store.ts';
import { openSignedRevision } from './signed-revision.ts';
import type { AuthorityContext } from './signature-time.ts';
import type { VerificationOptions } from './verification-options.ts';

const nothing: ValidationMaterial = { certificates: [], evidence: noEvidence };

/** What all signatures of one file are judged with: options, the file's own validation data, what was fetched. */
export class VerificationRun {
  readonly #pdf: PdfDocument | undefined;
  readonly options: VerificationOptions;
  /** When the judgement is made: the time asked for, else now. */
  readonly now: Date;
  readonly material: ValidationMaterial;
  readonly #given: RevocationEvidence;
  readonly #fetcher: EvidenceFetcher | undefined;
  readonly #whenUnknown: 'try-later' | 'let-pass';
  readonly #materialUntil = new Map<number, ValidationMaterial>();

  /** Without `pdf` there is no validation data but what travels in the signature itself. */
  constructor(pdf: PdfDocument | undefined, options: VerificationOptions) {
    this.#pdf = pdf;
    this.options = options;
    this.now = options.at ?? options.now;
    this.material = pdf ? quietly(() => readSecurityStore(pdf)) : nothing;
    this.#given = readEvidence('given', { lists: options.revocationLists ?? [] });
    const { revocation } = options;
    this.#fetcher = revocation === 'ask' ? new EvidenceFetcher() : undefined;
    this.#whenUnknown = revocation === 'skip' ? 'let-pass' : 'try-later';
  }

  /** Validation data of the first `end` bytes: what a document timestamp that ends there keeps safe. */
  materialUntil(end: number): ValidationMaterial {
    const known = this.#materialUntil.get(end);
    if (known) return known;
    const found = quietly(() => {
      const revision = this.#pdf && openSignedRevision(this.#pdf, end);
      return revision ? readSecurityStore(revision) : nothing;
    });
    this.#materialUntil.set(end, found);
    return found;
  }

  /** Certificates to build paths from: those given along, those of the file, those of the caller. */
  pool(...own: readonly (readonly Certificate[])[]): Certificate[] {
    const all = [...own.flat(), ...this.material.certificates, ...this.options.extraCertificates];
    return [...new Map(all.map((certificate) => [certificate.fingerprint, certificate])).values()];
  }

  /** Revocation of a path at a time, by everything at hand and, if the options say so, by asking. */
  revocation(path: readonly Certificate[], question: RevocationQuestion): Promise<ChainRevocation> {
    const evidence = joinEvidence(travelling(question.data), this.material.evidence, this.#given);
    return chainRevocation(path, {
      ...question,
      evidence,
      now: this.options.now,
      pool: this.pool(question.data.certificates),
      fetcher: this.#fetcher,
      whenUnknown: this.#whenUnknown,
    });
  }

  /** What timestamps of this run are judged with. */
  authorities(own: readonly Certificate[], provenBefore: Date | undefined): AuthorityContext {
    const { tsaAnchors: anchors } = this.options;
    return {
      anchors,
      furtherCertificates: this.pool(own),
      now: this.now,
      provenBefore,
      revocationOf: (path, { time: at, data }) => this.revocation(path, { at, anchors, data }),
    };
  }

  /** Like {@link revocation}, by what stands in the file alone, as far as `material` goes. */
  embeddedRevocation(
    path: readonly Certificate[],
    material: ValidationMaterial,
    question: RevocationQuestion,
  ): Promise<ChainRevocation> {
    return chainRevocation(path, {
      ...question,
      evidence: joinEvidence(travelling(question.data), material.evidence),
      now: this.options.now,
      pool: [...question.data.certificates, ...material.certificates],
      fetcher: undefined,
      whenUnknown: 'let-pass',
    });
  }
}

export interface RevocationQuestion {
  readonly at: Date;
  readonly anchors: readonly TrustAnchor[];
  /** The signature or token in question, with the evidence that travels in it. */
  readonly data: Pick<SignedData, 'certificates' | 'revocation'>;
}

const travelling = ({ revocation }: Pick<SignedData, 'revocation'>): RevocationEvidence =>
  readEvidence('embedded', revocation);

function quietly(read: () => ValidationMaterial): ValidationMaterial {
  try {
    return read();
  } catch (error) {
    if (error instanceof AnThuError) return nothing;
    throw error;
  }
}
