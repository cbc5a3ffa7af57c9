import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';

const ds = 'http://www.w3.org/2000/09/xmldsig#';
export const c14nNames = {
  inclusive: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  inclusiveComments: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  exclusiveComments: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
} as const;

export interface TemplateReference {
  readonly uri: string;
  readonly transforms?: readonly string[];
  readonly type?: string;
}

export interface TemplateOptions {
  readonly id?: string;
  readonly canonicalization?: string;
  readonly method?: string;
  readonly digest?: string;
  readonly references?: readonly TemplateReference[];
  readonly objects?: string;
  readonly keyInfo?: string;
}

export const enveloped = `${ds}enveloped-signature`;

/** A signature to be filled in by xmlsec1; by default over the whole document, enveloped, exclusive form, RSA and SHA-256. */
export function signatureTemplate(options: TemplateOptions = {}): string {
  const {
    id = 'chu-ky',
    canonicalization = c14nNames.exclusive,
    method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digest = 'http://www.w3.org/2001/04/xmlenc#sha256',
    references = [{ uri: '', transforms: [enveloped, c14nNames.exclusive] }],
    objects = '',
    keyInfo = '<KeyInfo><X509Data/></KeyInfo>',
  } = options;
  const list = references.map(({ uri, transforms = [], type }) => {
    const inside = transforms.map((name) => `<Transform Algorithm="${name}"/>`).join('');
    const kind = type === undefined ? '' : ` Type="${type}"`;
    return `<Reference URI="${uri}"${kind}>${inside && `<Transforms>${inside}</Transforms>`}<DigestMethod Algorithm="${digest}"/><DigestValue/></Reference>`;
  });
  return `<Signature xmlns="${ds}" Id="${id}"><SignedInfo><CanonicalizationMethod Algorithm="${canonicalization}"/><SignatureMethod Algorithm="${method}"/>${list.join('')}</SignedInfo><SignatureValue/>${keyInfo}${objects}</Signature>`;
}

/** Ids that xmlsec1 is told about; it knows none by itself. */
const idAttributes = [
  'MessageHeader',
  'Bussiness',
  'edXMLManifest',
  'AttachmentEncoded',
  'edXMLEnvelope',
  'SignedProperties',
  'Wrapper',
];
const idArguments = idAttributes.flatMap((name) => ['--id-attr:Id', name]);

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-xmlsec-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fills in the templates of a document with xmlsec1, one `--node-id` a signature. */
export function signXml(
  xml: string,
  {
    keyPath,
    certificatePath,
    ids = ['chu-ky'],
  }: { keyPath: string; certificatePath: string; ids?: readonly string[] },
): string {
  return inFolder((folder) => {
    let text = xml;
    for (const id of ids) {
      const [input, output] = [join(folder, 'in.xml'), join(folder, 'out.xml')];
      writeFileSync(input, text);
      execFileSync(
        'xmlsec1',
        [
          '--sign',
          '--privkey-pem',
          `${keyPath},${certificatePath}`,
          ...idArguments,
          '--id-attr:Id',
          `${ds}:Signature`,
          '--node-id',
          id,
          '--output',
          output,
          input,
        ],
        { stdio: 'pipe' },
      );
      text = readFileSync(output, 'utf8');
    }
    return text;
  });
}

/** Whether xmlsec1 accepts a document's first signature under a certificate, chain and time left aside. */
export function xmlsecAccepts(xml: string, certificatePath: string): boolean {
  return inFolder((folder) => {
    const input = join(folder, 'in.xml');
    writeFileSync(input, xml);
    const key = join(folder, 'key.pem');
    const { publicKey } = new X509Certificate(readFileSync(certificatePath));
    writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
    return spawnSync('xmlsec1', ['--verify', '--pubkey-pem', key, ...idArguments, input]).status === 0;
  });
}
