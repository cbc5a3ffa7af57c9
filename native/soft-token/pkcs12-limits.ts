import { AnThuError } from '../../core/shared/errors.ts';
import { childrenOf, decodeBer, type Node, octets, oidOf, smallInteger } from './pkcs12-der.ts';

/** Rounds of the MAC, which runs natively: seven seconds for this many. OpenSSL writes 2,048, Windows 2,000, NSS 600,000. */
const MOST_FOR_MAC = 5_000_000;
/** Rounds of PBKDF2, which node-forge runs in JavaScript: six seconds for this many. */
const MOST_FOR_PBKDF2 = 1_000_000;
/** Rounds of the old ciphers' key derivation, also in JavaScript: some fifteen seconds. */
const MOST_FOR_OLD_CIPHERS = 600_000;

const pbkdf2 = '1.2.840.113549.1.5.12';
const oldCiphers = '1.2.840.113549.1.12.1.';
const octetString = 4;
const deepest = 24;

/**
 * Refuses a file whose iteration counts would keep the host busy for minutes (`token.soft-too-costly`), before any of them is run.
 * Every algorithm that can be read without the password is looked at.
 */
export function assertAffordable(path: string, content: string, mac: Node | undefined): void {
  const refuse = (iterations: number, most: number): void => {
    if (iterations > most)
      throw new AnThuError('token.soft-too-costly', { path, iterations: String(iterations), most });
  };
  refuse(macIterations(mac), MOST_FOR_MAC);
  for (const { algorithm, iterations } of costs(content, 0))
    refuse(iterations, algorithm === pbkdf2 ? MOST_FOR_PBKDF2 : MOST_FOR_OLD_CIPHERS);
}

/** Iterations of the MAC; absent is one. */
export function macIterations(mac: Node | undefined): number {
  const [, , iterations] = childrenOf(mac);
  return iterations ? smallInteger(iterations) : 1;
}

interface Cost {
  readonly algorithm: string;
  readonly iterations: number;
}

function costs(bytes: string, depth: number): Cost[] {
  let node: Node;
  try {
    node = decodeBer(bytes);
  } catch {
    // Encrypted, or no structure at all: nothing to be seen from outside.
    return [];
  }
  return costsOf(node, depth);
}

function costsOf(node: Node, depth: number): Cost[] {
  if (depth > deepest) return [];
  if (node.type === octetString) {
    const inner = octets(node);
    return inner.startsWith('\x30') ? costs(inner, depth + 1) : [];
  }
  const parts = childrenOf(node);
  const algorithm = oidOf(parts[0]);
  const own =
    algorithm === pbkdf2 || algorithm.startsWith(oldCiphers)
      ? [{ algorithm, iterations: smallInteger(childrenOf(parts[1])[1]) }]
      : [];
  return [...own, ...parts.flatMap((part) => costsOf(part, depth + 1))];
}
