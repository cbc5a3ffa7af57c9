import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Asn1Error } from '../asn1/der.ts';
import type { FileReport, SignatureReport } from '../contract/verification.ts';
import { AnThuError, toErrorValue } from '../shared/errors.ts';
import { hostile, withXml } from '../sync/edxml/guarded-xml.ts';
import { defaultCaps, type EdxmlCaps } from '../sync/edxml/types.ts';
import { fileVerdict, message } from '../verification/report-words.ts';
import type { VerificationOptions } from '../verification/verification-options.ts';
import { VerificationRun } from '../verification/verification-run.ts';
import { checkXmlSignature, type XmlSignatureFinding } from './check-signature.ts';
import { isDs, placedElements, type PlacedElement } from './elements.ts';
import { faultyXmlReport, judgeXmlSignature } from './judge-xml-signature.ts';
import { shortenTexts, type ShortenedText } from './long-texts.ts';
import { packageAdvice } from './package-advice.ts';
import { XmlFault } from './xml-fault.ts';

const maximumSignatures = 8;

/**
 * Verifies the XML signatures of an edXML package and judges the package (docs/decisions/xml-signatures.md). A
 * package without one is `unsigned`: its legal value rests on the PDF signatures inside. Fails closed, and throws only
 * `general.no-such-input`; every other trouble is in the report.
 */
export async function verifyPackage(
  path: string,
  options: VerificationOptions,
  caps: EdxmlCaps = defaultCaps,
): Promise<FileReport> {
  const size = await stat(path).then((entry) => entry.size, () => undefined); // prettier-ignore
  if (size === undefined) throw new AnThuError('general.no-such-input', { path });
  if (size > caps.packageBytes)
    return troubled(path, null, hostile(`${size} bytes, over ${caps.packageBytes}`));
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  try {
    const findings = checkAll(bytes, caps);
    if (findings.length === 0) {
      const [verdict, code] = namesSignature(bytes, caps)
        ? (['indeterminate', 'verify.signature-removed'] as const)
        : (['unsigned', 'verify.package-unsigned'] as const);
      return {
        input: path,
        sha256,
        verdict,
        advice: packageAdvice(verdict, []),
        signatures: [],
        messages: [message(code)],
      };
    }
    const run = new VerificationRun(undefined, options);
    const signatures: SignatureReport[] = [];
    for (const [index, finding] of findings.entries())
      signatures.push(
        finding instanceof XmlFault
          ? faultyXmlReport(index + 1, finding)
          : await judgeXmlSignature(index + 1, finding, run),
      );
    const verdict = fileVerdict(signatures);
    return {
      input: path,
      sha256,
      verdict,
      advice: packageAdvice(verdict, signatures),
      signatures,
      messages: [],
    };
  } catch (error) {
    if (error instanceof AnThuError) return troubled(path, sha256, error);
    throw error;
  }
}

function troubled(input: string, sha256: string | null, error: AnThuError): FileReport {
  const limit =
    error.code === 'sync.edxml-hostile' && /over|more than|deeper/.test(String(error.detail['reason']));
  const verdict = limit ? 'indeterminate' : 'unreadable';
  return {
    input,
    sha256,
    verdict,
    advice: 'ask',
    signatures: [],
    messages: [message(limit ? 'verify.limit-reached' : 'verify.package-unreadable')],
    error: toErrorValue(error),
  };
}

/** Each signature on a document of its own, since judging one takes it out of the tree. */
function checkAll(bytes: Buffer, caps: EdxmlCaps): (XmlSignatureFinding | XmlFault)[] {
  const findings: (XmlSignatureFinding | XmlFault)[] = [];
  let shortened: ShortenedText | undefined;
  const shorten = (): ShortenedText => (shortened ??= shortenTexts(bytes));
  for (let index = 0; ; index++) {
    const finding = withXml(bytes, caps, (_root, document): XmlSignatureFinding | XmlFault | undefined => {
      const places = placedElements(document);
      const signatures = places.filter(({ element }) => isDs(element, 'Signature'));
      const place = signatures[index];
      if (!place) return undefined;
      if (signatures.length > maximumSignatures) return new XmlFault('limit', 'too many signatures');
      try {
        if (hasProcessingInstruction(bytes)) throw new XmlFault('unsupported', 'a processing instruction');
        if (!standsWhereSignaturesStand(place, places))
          throw new XmlFault('malformed', 'a signature in an odd place');
        return checkXmlSignature(place, places, shorten);
      } catch (error) {
        if (error instanceof XmlFault) return error;
        if (error instanceof Asn1Error) return new XmlFault('malformed', 'an odd certificate');
        throw error;
      }
    });
    if (!finding) return findings;
    findings.push(finding);
    if (finding instanceof XmlFault && finding.kind === 'limit') return findings;
  }
}

/** In the header, in its DigitalSignature, or under the root (domain/vietnam.md §5.1). */
function standsWhereSignaturesStand({ path }: PlacedElement, places: readonly PlacedElement[]): boolean {
  const parentPath = path.slice(0, path.lastIndexOf('/'));
  const parent = places.find((place) => place.path === parentPath);
  return (
    parent !== undefined &&
    path !== '' &&
    (parentPath === '' || parent.name === 'edXMLHeader' || parent.name === 'DigitalSignature')
  );
}

/** Beside the declaration at the start; canonical forms of different makers treat them differently. */
function hasProcessingInstruction(bytes: Buffer): boolean {
  const start = bytes
    .subarray(0, 8)
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '');
  const after = start.startsWith('<?xml') ? bytes.indexOf('?>') + 2 : 0;
  return bytes.indexOf('<?', after) !== -1;
}

/** Something that calls itself a signature and is none that can be judged. */
function namesSignature(bytes: Buffer, caps: EdxmlCaps): boolean {
  return withXml(bytes, caps, (_root, document) =>
    placedElements(document).some(
      ({ element, name }) =>
        (name === 'Signature' || name === 'DigitalSignature' || name === 'SignatureValue') &&
        element.content.trim() !== '',
    ),
  );
}
