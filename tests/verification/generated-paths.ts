import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { contextConstructed, contextPrimitive, nullValue, oid, sequence } from '../../core/asn1/der.ts';
import { oids } from '../../core/trust/oids.ts';
import {
  basicConstraintsExtension,
  buildCertificate,
  extendedKeyUsageExtension,
  keyUsageExtension,
  type ExtensionPart,
} from '../../scripts/pki/certificate-builder.ts';
import { diceOf, oneOf, type Dice } from '../fuzz/dice.ts';

/** A path with one defect or none. */
export interface GeneratedPath {
  readonly defect: Defect;
  /** Whether RFC 5280 and our rules accept it. */
  readonly accepted: boolean;
  /** DER, like the others. */
  readonly root: Uint8Array;
  /** From the root's child down to the leaf's issuer. */
  readonly middle: readonly Uint8Array[];
  readonly leaf: Uint8Array;
}

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
/** When the paths are judged. */
export const moment = day('2026-06-01');
type Life = readonly [Date, Date];
const usualLife: Life = [day('2020-01-01'), day('2040-01-01')];

const ecKeys = Array.from({ length: 8 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const weakKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

/** What is decided about one certificate before it is made. */
interface Draft {
  readonly name: string;
  readonly key: KeyObject;
  issuerName?: string;
  signedBy?: KeyObject;
  life: Life;
  extensions: ExtensionPart[];
}

type Chain = { readonly root: Draft; readonly middle: Draft[]; readonly leaf: Draft };

const authorityUsage = keyUsageExtension(['keyCertSign', 'cRLSign']);
const mail = (text: string): Uint8Array => contextPrimitive(1, Buffer.from(text));
const constraint = (list: 0 | 1, host: string): ExtensionPart => ({
  id: oids.nameConstraints,
  critical: true,
  value: sequence(contextConstructed(list, sequence(mail(host)))),
});
const mailName = (address: string): ExtensionPart => ({
  id: oids.subjectAltName,
  critical: false,
  value: sequence(mail(address)),
});
const unknown = (critical: boolean): ExtensionPart => ({
  id: '1.3.6.1.4.1.32473.77',
  critical,
  value: nullValue(),
});
const policy = (arc: string): ExtensionPart => ({
  id: oids.certificatePolicies,
  critical: false,
  value: sequence(sequence(oid(`1.3.6.1.4.1.32473.${arc}`))),
});
const explicitPolicy: ExtensionPart = {
  id: oids.policyConstraints,
  critical: true,
  value: sequence(contextPrimitive(0, Uint8Array.of(0))),
};
const isBasic = ({ id }: ExtensionPart): boolean => id === oids.basicConstraints;
const isUsage = ({ id }: ExtensionPart): boolean => id === oids.keyUsage;
const without = (draft: Draft, what: (part: ExtensionPart) => boolean): void => {
  draft.extensions = draft.extensions.filter((part) => !what(part));
};

const past: Life = [day('2020-01-01'), day('2026-05-31')];
const future: Life = [day('2026-06-02'), day('2040-01-01')];
const oneMiddle = ({ middle }: Chain, roll: Dice): Draft => oneOf(roll, middle);

/** Each defect by its name; `none: …` are lawful variants. All want at least one authority in the middle. */
const defects = {
  'none: plain': () => {},
  'none: path length just enough': ({ middle }) => {
    middle.forEach((draft, index) => {
      without(draft, isBasic);
      draft.extensions.push(basicConstraintsExtension(middle.length - 1 - index));
    });
  },
  'none: names within what is permitted': ({ middle, leaf }) => {
    middle[0]?.extensions.push(constraint(0, 'gov.example'));
    leaf.extensions.push(mailName('ai@gov.example'));
  },
  'none: names outside what is excluded': ({ middle, leaf }) => {
    middle[0]?.extensions.push(constraint(1, 'bad.example'));
    leaf.extensions.push(mailName('ai@gov.example'));
  },
  'none: an extension that does not matter': (chain, roll) => void oneMiddle(chain, roll).extensions.push(unknown(false)),
  'none: policies that agree where one is demanded': ({ middle, leaf }) => {
    for (const draft of [...middle, leaf]) draft.extensions.push(policy('5'));
    middle[0]?.extensions.push(explicitPolicy);
  },
  'leaf expired': ({ leaf }) => void (leaf.life = past),
  'authority expired': (chain, roll) => void (oneMiddle(chain, roll).life = past),
  'leaf not yet valid': ({ leaf }) => void (leaf.life = future),
  'authority not yet valid': (chain, roll) => void (oneMiddle(chain, roll).life = future),
  'anchor expired': ({ root }) => void (root.life = past),
  'authority without basic constraints': (chain, roll) => without(oneMiddle(chain, roll), isBasic),
  'authority that is none': (chain, roll) => {
    const draft = oneMiddle(chain, roll);
    without(draft, isBasic);
    draft.extensions.push({ id: oids.basicConstraints, critical: true, value: sequence() });
  },
  'authority that may not sign certificates': (chain, roll) => {
    const draft = oneMiddle(chain, roll);
    without(draft, isUsage);
    draft.extensions.push(keyUsageExtension(['cRLSign']));
  },
  'path too long': ({ root, middle }) => {
    without(root, isBasic);
    root.extensions.push(basicConstraintsExtension(middle.length - 1));
  },
  'path too long below an authority': ({ middle }) => {
    const [first] = middle;
    if (!first || middle.length < 2) return 'unfit';
    without(first, isBasic);
    first.extensions.push(basicConstraintsExtension(middle.length - 2));
    return undefined;
  },
  'issuer of another name': (chain, roll) => void (oneOf(roll, [...chain.middle, chain.leaf]).issuerName = 'Tên khác'),
  'signed by another key': (chain, roll) =>
    void (oneOf(roll, [...chain.middle, chain.leaf]).signedBy = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  'critical extension nobody knows, leaf': ({ leaf }) => void leaf.extensions.push(unknown(true)),
  'critical extension nobody knows, authority': (chain, roll) => void oneMiddle(chain, roll).extensions.push(unknown(true)),
  'name outside what is permitted': ({ middle, leaf }) => {
    middle[0]?.extensions.push(constraint(0, 'gov.example'));
    leaf.extensions.push(mailName('ai@bad.example'));
  },
  'name among the excluded': ({ middle, leaf }) => {
    middle[0]?.extensions.push(constraint(1, 'bad.example'));
    leaf.extensions.push(mailName('ai@bad.example'));
  },
  'no policy where one is demanded': ({ middle }) => void middle[0]?.extensions.push(explicitPolicy),
  'policies that do not agree': ({ middle, leaf }) => {
    for (const draft of middle) draft.extensions.push(policy('5'));
    leaf.extensions.push(policy('6'));
    middle[0]?.extensions.push(explicitPolicy);
  },
  'an extension twice': ({ leaf }) => void leaf.extensions.push(keyUsageExtension(['digitalSignature'])),
  'leaf that may not sign': ({ leaf }) => {
    without(leaf, isUsage);
    leaf.extensions.push(keyUsageExtension(['keyEncipherment']));
  },
  'leaf for timestamps alone': ({ leaf }) => void leaf.extensions.push(extendedKeyUsageExtension([oids.timeStamping], 'critical')),
  'authority with a weak key': ({ middle }) => {
    const last = middle.length - 1;
    const draft = middle[last];
    if (draft) middle[last] = { ...draft, key: weakKey };
  },
} satisfies Record<string, (chain: Chain, roll: Dice) => 'unfit' | undefined | void>; // prettier-ignore

export type Defect = keyof typeof defects;
export const defectNames = Object.keys(defects) as Defect[];

/** What RFC 5280 leaves to the application, or does not ask of an anchor. */
const acceptedWithDefect: ReadonlySet<Defect> = new Set(['anchor expired']);

function chainOf(roll: Dice): Chain {
  const key = (): KeyObject => (roll(8) === 0 ? rsaKey : oneOf(roll, ecKeys));
  const draft = (name: string, extensions: ExtensionPart[]): Draft => ({
    name,
    key: key(),
    life: usualLife,
    extensions,
  });
  const authority = (name: string): Draft => draft(name, [basicConstraintsExtension(), authorityUsage]);
  return {
    root: authority('Gốc'),
    middle: Array.from({ length: 1 + roll(3) }, (_, index) => authority(`Cấp ${index}`)),
    leaf: draft('Người ký', [keyUsageExtension(['digitalSignature', 'nonRepudiation'])]),
  };
}

function build(draft: Draft, issuer: Draft): Uint8Array {
  return buildCertificate({
    subject: [['CN', draft.name]],
    subjectKey: draft.key,
    issuer: [['CN', draft.issuerName ?? issuer.name]],
    issuerKey: draft.signedBy ?? issuer.key,
    notBefore: draft.life[0],
    notAfter: draft.life[1],
    extensions: draft.extensions,
  });
}

/** The path of a number: the defects take turns, the rest is thrown. */
export function generatePath(seed: number, index: number): GeneratedPath {
  const roll = diceOf(seed, index);
  const defect = defectNames[index % defectNames.length] ?? 'none: plain';
  for (;;) {
    const chain = chainOf(roll);
    if (defects[defect](chain, roll) === 'unfit') continue;
    const { root, middle, leaf } = chain;
    const issuers = [root, ...middle];
    return {
      defect,
      accepted: defect.startsWith('none') || acceptedWithDefect.has(defect),
      root: build(root, root),
      middle: middle.map((draft, at) => build(draft, issuers[at] ?? root)),
      leaf: build(leaf, issuers.at(-1) ?? root),
    };
  }
}
