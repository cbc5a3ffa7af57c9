import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vietnamIso } from '../../core/shared/clock.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { demoSender, type Workplace } from '../../scripts/demo/workplace.ts';
import { softwareKey } from '../../scripts/lib/software-key.ts';
import { issueCertificate, writeIdentity } from '../../scripts/pki/index.ts';
import { letterPdf, packageOf } from '../kill/stimuli.ts';
import { signatureTemplate, signXml } from './xml-signing.ts';

interface Identity {
  readonly certificate: string;
  readonly key: string;
}

type Signer = 'leader' | 'agency' | Identity;

/** Letters as another agency sends them: signed by its leader, then by the agency, in an edXML package. */
export class SentLetters {
  readonly #workplace: Workplace;
  readonly #leader: Identity;

  private constructor(workplace: Workplace, leader: Identity) {
    this.#workplace = workplace;
    this.#leader = leader;
  }

  static async prepare(workplace: Workplace): Promise<SentLetters> {
    const day = 86_400_000;
    const issued = await issueCertificate(workplace.pki, {
      subject: [
        ['C', 'VN'],
        ['O', demoSender.name],
        ['T', demoSender.signer.position],
        ['CN', demoSender.signer.fullName],
      ],
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 365 * day),
    });
    return new SentLetters(workplace, await writeIdentity(workplace.pki, 'sender-leader', issued, '123456'));
  }

  /** A PDF with the signatures of those named, in that order. */
  async pdf(number: number, signers: readonly Signer[] = ['leader', 'agency']): Promise<Buffer> {
    const { root, pki, tsaUrl } = this.#workplace;
    let path = join(root, `gui-${number}.pdf`);
    await writeFile(path, await letterPdf(number));
    for (const [index, signer] of signers.entries()) {
      const outputPath = join(root, `gui-${number}.${index}.pdf`);
      const identity = signer === 'agency' ? pki.sender : signer === 'leader' ? this.#leader : signer;
      const key = await softwareKey({ ...identity, chain: pki.chainPath });
      const signingTime = vietnamIso(new Date());
      await signPdf({ inputPath: path, outputPath, key, level: 'B-T', tsa: { url: tsaUrl }, signingTime });
      path = outputPath;
    }
    return readFile(path);
  }

  /** A package with an XML signature of the sender over the whole of it, made by xmlsec1. */
  signedPackage(number: number, pdf: Uint8Array): Buffer {
    const empty = '<edXML:DigitalSignature></edXML:DigitalSignature>';
    const text = packageOf(number, pdf).toString('utf8').replace('<edXML:DigitalSignature/>', empty);
    const template = text.replace(
      empty,
      `<edXML:DigitalSignature>${signatureTemplate()}</edXML:DigitalSignature>`,
    );
    const { key, certificate } = this.#workplace.pki.sender;
    return Buffer.from(signXml(template, { keyPath: key, certificatePath: certificate }));
  }

  /** Puts a package in the office's inbox at the province. */
  async send(bytes: Buffer): Promise<void> {
    const { server, officeId } = this.#workplace;
    await server.inboxPut(officeId, bytes);
  }
}
