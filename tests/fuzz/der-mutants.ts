import { children, decodeAt, encode, type Asn1Node } from '../../core/asn1/der.ts';
import { oneOf, type Dice } from './dice.ts';

/** Bytes changed without regard to their structure. */
export function mutateBytes(bytes: Uint8Array, roll: Dice): Uint8Array {
  let mutant = Uint8Array.from(bytes);
  for (let times = 1 + roll(4); times > 0 && mutant.length > 0; times--) {
    const place = roll(mutant.length);
    switch (roll(5)) {
      case 0:
        mutant[place] = roll(256);
        break;
      case 1:
        mutant[place] = (mutant[place] ?? 0) ^ (1 << roll(8));
        break;
      case 2:
        mutant[place] = oneOf(roll, [0, 0x30, 0x7f, 0x80, 0x84, 0x88, 0xff]);
        break;
      case 3:
        mutant = mutant.slice(0, place);
        break;
      default: {
        const from = roll(mutant.length);
        mutant.set(mutant.slice(from, from + Math.min(roll(30), mutant.length - place)), place);
      }
    }
  }
  return mutant;
}

const largestNode = 200_000;

/** A DER structure with one of its nodes exchanged, its lengths kept right: what byte flips never reach. */
export function mutateDer(bytes: Uint8Array, roll: Dice): Uint8Array {
  try {
    return rebuilt(decodeAt(bytes, 0), roll, 0);
  } catch {
    return mutateBytes(bytes, roll);
  }
}

function rebuilt(node: Asn1Node, roll: Dice, depth: number): Uint8Array {
  const isConstructed = (node.tag & 0x20) !== 0 && node.content.length > 0;
  if (!isConstructed || depth > 30 || roll(6) === 0) return exchanged(node, roll);
  const parts = children(node).map(({ raw }) => raw);
  const index = roll(parts.length);
  switch (roll(10)) {
    case 0:
      parts.splice(index, 1);
      break;
    case 1:
      parts.splice(index, 0, parts[roll(parts.length)] ?? new Uint8Array());
      break;
    case 2:
      parts.reverse();
      break;
    default:
      parts[index] = rebuilt(decodeAt(parts[index] ?? new Uint8Array(), 0), roll, depth + 1);
  }
  return encode(node.tag, ...parts);
}

function exchanged(node: Asn1Node, roll: Dice): Uint8Array {
  switch (roll(7)) {
    case 0:
      return encode(
        oneOf(roll, [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x17, 0x18, 0x30, 0x31, 0xa0, 0x80]),
        node.content,
      );
    case 1:
      return encode(node.tag);
    case 2:
      return encode(node.tag, mutateBytes(node.content, roll));
    case 3:
      return encode(node.tag, new Uint8Array(roll(largestNode)).fill(roll(256)));
    case 4: {
      let nested = node.raw;
      for (let level = roll(200); level > 0; level--)
        nested = encode(oneOf(roll, [0x30, 0x31, 0xa0]), nested);
      return nested;
    }
    case 5:
      return encode(
        0x06,
        Uint8Array.from({ length: roll(40) }, () => 0x80 | roll(128)),
      );
    default:
      return encode(0x30, node.raw, node.raw);
  }
}
