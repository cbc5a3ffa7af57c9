import { Asn1Error, children, decode, expectTag, readIntegerHex, readOid, tag } from '../asn1/der.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './distinguished-name.ts';
import { oids } from './oids.ts';

/** Where policy processing starts (RFC 5280 6.1.1 c to g). */
export interface PolicyInputs {
  /** Policies that the caller accepts; undefined: any. */
  readonly accepted?: readonly string[];
  readonly explicit?: 'required' | 'not-required';
  readonly mapping?: 'inhibited' | 'allowed';
  readonly anyPolicy?: 'inhibited' | 'allowed';
}

interface PolicyNode {
  readonly policy: string;
  expected: ReadonlySet<string>;
  readonly parent: PolicyNode | undefined;
}

/** The valid policy tree, one array a depth; no levels stands for the NULL tree. */
type PolicyLevels = PolicyNode[][];

const { anyPolicy } = oids;
/** Nodes in all; certificates made to let the tree explode end here. */
const maximumNodes = 2000;

function policiesOf(certificate: Certificate): string[] | undefined {
  const extension = certificate.extensions.get(oids.certificatePolicies);
  if (!extension) return undefined;
  return children(expectTag(decode(extension.value), tag.sequence)).map((node) => readOid(children(node)[0]));
}

function mappingsOf(certificate: Certificate): Map<string, Set<string>> {
  const extension = certificate.extensions.get(oids.policyMappings);
  const mappings = new Map<string, Set<string>>();
  if (!extension) return mappings;
  for (const node of children(expectTag(decode(extension.value), tag.sequence))) {
    const [from, to] = children(node).map(readOid);
    if (from === undefined || to === undefined) throw new Asn1Error('not a policy mapping');
    if (from === anyPolicy || to === anyPolicy) throw new Asn1Error('anyPolicy may not be mapped');
    const targets = mappings.get(from) ?? new Set<string>();
    mappings.set(from, targets.add(to));
  }
  return mappings;
}

interface PolicyConstraints {
  readonly requireExplicit: number | undefined;
  readonly inhibitMapping: number | undefined;
}

const count = (content: Uint8Array): number => content.reduce((sum, byte) => sum * 256 + byte, 0);

function constraintsOf(certificate: Certificate): PolicyConstraints {
  const extension = certificate.extensions.get(oids.policyConstraints);
  const parts = extension ? children(expectTag(decode(extension.value), tag.sequence)) : [];
  const find = (tagByte: number): number | undefined => {
    const part = parts.find((node) => node.tag === tagByte);
    return part && count(part.content);
  };
  return { requireExplicit: find(0x80), inhibitMapping: find(0x81) };
}

function inhibitAnyOf(certificate: Certificate): number | undefined {
  const extension = certificate.extensions.get(oids.inhibitAnyPolicy);
  return extension && Number.parseInt(readIntegerHex(decode(extension.value)), 16);
}

/** Drops nodes above `depth` that have no children any more; the NULL tree when the root goes. */
function prune(levels: PolicyLevels, depth: number): PolicyLevels {
  for (let index = depth - 1; index >= 0; index--) {
    const parents = new Set((levels[index + 1] ?? []).map(({ parent }) => parent));
    levels[index] = (levels[index] ?? []).filter((node) => parents.has(node));
  }
  return (levels[0] ?? []).length === 0 ? [] : levels;
}

function addPolicies(
  levels: PolicyLevels,
  depth: number,
  policies: readonly string[],
  anyAllowed: boolean,
): PolicyLevels {
  const above = levels[depth - 1] ?? [];
  const nodes: PolicyNode[] = [];
  const add = (policy: string, parent: PolicyNode): void => {
    if (nodes.length >= maximumNodes) throw new Asn1Error('too many policies');
    nodes.push({ policy, expected: new Set([policy]), parent });
  };
  for (const policy of policies) {
    if (policy === anyPolicy) continue;
    const matching = above.filter(({ expected }) => expected.has(policy));
    const wildcard = above.filter((node) => node.policy === anyPolicy);
    for (const parent of matching.length > 0 ? matching : wildcard) add(policy, parent);
  }
  if (policies.includes(anyPolicy) && anyAllowed)
    for (const parent of above)
      for (const policy of parent.expected)
        if (!nodes.some((node) => node.parent === parent && node.policy === policy)) add(policy, parent);
  levels[depth] = nodes;
  return prune(levels, depth);
}

function mapPolicies(
  levels: PolicyLevels,
  depth: number,
  mappings: ReadonlyMap<string, ReadonlySet<string>>,
  allowed: boolean,
): PolicyLevels {
  for (const [policy, targets] of mappings) {
    const nodes = levels[depth] ?? [];
    const own = nodes.filter((node) => node.policy === policy);
    if (!allowed) {
      levels[depth] = nodes.filter((node) => node.policy !== policy);
      levels = prune(levels, depth);
      continue;
    }
    for (const node of own) node.expected = targets;
    const wildcard = nodes.find((node) => node.policy === anyPolicy);
    if (own.length === 0 && wildcard) nodes.push({ policy, expected: targets, parent: wildcard.parent });
  }
  return levels;
}

/** Whether a policy that the caller accepts is left (RFC 5280 6.1.5 g). */
function meetsAccepted(levels: PolicyLevels, accepted: readonly string[] | undefined): boolean {
  const last = levels.at(-1) ?? [];
  if (levels.length === 0 || last.length === 0) return false;
  if (!accepted || accepted.includes(anyPolicy)) return true;
  // What counts is the policy under which a chain of nodes left anyPolicy, in the anchor's own terms.
  return last.some((node) => {
    let current: PolicyNode | undefined = node;
    while (current?.parent && current.parent.policy !== anyPolicy) current = current.parent;
    return current !== undefined && (current.policy === anyPolicy || accepted.includes(current.policy));
  });
}

/**
 * Whether a path (leaf first, anchor last) has a valid policy where one is required (RFC 5280 6.1.2 to 6.1.5).
 * Throws {@link Asn1Error} when an extension is malformed.
 */
export function hasValidPolicy(path: readonly Certificate[], inputs: PolicyInputs): boolean {
  const certificates = path.slice(0, -1).toReversed();
  const length = certificates.length;
  let explicit = inputs.explicit === 'required' ? 0 : length + 1;
  let mapping = inputs.mapping === 'inhibited' ? 0 : length + 1;
  let any = inputs.anyPolicy === 'inhibited' ? 0 : length + 1;
  let levels: PolicyLevels = [[{ policy: anyPolicy, expected: new Set([anyPolicy]), parent: undefined }]];
  for (const [index, certificate] of certificates.entries()) {
    const depth = index + 1;
    const isLast = depth === length;
    const selfIssued = sameName(certificate.subject, certificate.issuer);
    const policies = policiesOf(certificate);
    if (!policies) levels = [];
    else if (levels.length > 0)
      levels = addPolicies(levels, depth, policies, any > 0 || (!isLast && selfIssued));
    if (explicit === 0 && levels.length === 0) return false;
    const constraints = constraintsOf(certificate);
    if (isLast) {
      if (explicit > 0) explicit--;
      if (constraints.requireExplicit === 0) explicit = 0;
      continue;
    }
    const mappings = mappingsOf(certificate);
    if (levels.length > 0) levels = mapPolicies(levels, depth, mappings, mapping > 0);
    if (!selfIssued) {
      explicit = Math.max(0, explicit - 1);
      mapping = Math.max(0, mapping - 1);
      any = Math.max(0, any - 1);
    }
    explicit = Math.min(explicit, constraints.requireExplicit ?? explicit);
    mapping = Math.min(mapping, constraints.inhibitMapping ?? mapping);
    any = Math.min(any, inhibitAnyOf(certificate) ?? any);
  }
  return explicit > 0 || meetsAccepted(levels, inputs.accepted);
}
