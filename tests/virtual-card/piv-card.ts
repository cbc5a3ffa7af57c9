import { constants, type KeyObject, privateEncrypt } from 'node:crypto';
import { ecdsaSign } from '../../native/soft-token/ecdsa.ts';
import { answer, type Command, parseCommand, status } from './apdu.ts';
import { parseTemplate, tlv } from './tlv.ts';

/** A key of the card with its certificate, DER. */
export interface CardKey {
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
}

export interface CardContent {
  readonly pin: string;
  readonly tries: number;
  /** 9A: PIV authentication; one PIN opens it for the session. */
  readonly authentication?: CardKey;
  /** 9C: digital signature; wants the PIN before every signature. */
  readonly signature?: CardKey;
}

/** What a test may look at: how often a PIN was sent, and how often it was wrong. */
export interface CardCounters {
  readonly pinsSent: number;
  readonly pinsWrong: number;
  readonly triesLeft: number;
  readonly signatures: number;
}

const pivAid = Buffer.from('a000000308000010000100', 'hex');
const application = tlv(
  '61',
  tlv('4f', Buffer.from('000010000100', 'hex')),
  tlv('79', tlv('4f', Buffer.from('a000000308', 'hex'))),
);
/** Discovery object: the application's own PIN is the only one. */
const discovery = tlv('7e', tlv('4f', pivAid), tlv('5f2f', Buffer.of(0x40, 0)));
const chuid = tlv(
  '53',
  tlv('30', Buffer.from('d4e739da739ced39ce739d836858210842108421c84210c3eb', 'hex')),
  tlv('34', Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')),
  tlv('35', Buffer.from('20400101', 'ascii')),
  tlv('3e'),
  tlv('fe'),
);

const references = { authentication: 0x9a, signature: 0x9c } as const;
const certificateTags = { authentication: '5fc105', signature: '5fc10a' } as const;
const longestAnswer = 256;

/**
 * A PIV card (NIST SP 800-73-4, the part that OpenSC uses) as a value that takes commands and gives answers. Its try counter
 * lives over resets, as a real card's does over plugging.
 */
export class PivCard {
  readonly #content: CardContent;
  readonly #objects: ReadonlyMap<string, Buffer>;
  #selected = false;
  #verified = false;
  /** Whether the PIN was given since the last signature with 9C. */
  #fresh = false;
  #chain: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #counters = { pinsSent: 0, pinsWrong: 0, signatures: 0 };
  #triesLeft: number;

  constructor(content: CardContent) {
    this.#content = content;
    this.#triesLeft = content.tries;
    const objects = new Map([
      ['7e', discovery],
      ['5fc102', chuid],
    ]);
    for (const slot of ['authentication', 'signature'] as const) {
      const key = content[slot];
      if (key) objects.set(certificateTags[slot], certificateObject(key.certificate));
    }
    this.#objects = objects;
  }

  get counters(): CardCounters {
    return { ...this.#counters, triesLeft: this.#triesLeft };
  }

  /** What an authority does with its tool; not a command of the card. */
  unblock(): void {
    this.#triesLeft = this.#content.tries;
  }

  /** Power off or reset: what was verified is forgotten, the try counter is not. */
  reset(): void {
    this.#selected = false;
    this.#verified = false;
    this.#fresh = false;
    this.#chain = [];
    this.#rest = Buffer.alloc(0);
  }

  respond(bytes: Buffer): Buffer {
    const command = parseCommand(bytes);
    if (command.ins === 0xc0) return this.#more();
    this.#rest = Buffer.alloc(0);
    if (command.ins === 0xa4) return this.#select(command);
    if (!this.#selected) return answer(status.notFound);
    switch (command.ins) {
      case 0xcb:
        return this.#getData(command);
      case 0x20:
        return this.#verify(command);
      case 0x87:
        return this.#authenticate(command);
      default:
        return answer(status.unknownInstruction);
    }
  }

  #send(data: Buffer): Buffer {
    if (data.length <= longestAnswer) return answer(status.ok, data);
    this.#rest = data.subarray(longestAnswer);
    // 0 stands for 256 and more.
    const left = this.#rest.length < longestAnswer ? this.#rest.length : 0;
    return answer(0x6100 | left, data.subarray(0, longestAnswer));
  }

  #more(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return this.#send(rest);
  }

  #select({ data }: Command): Buffer {
    if (data.length < 5 || !pivAid.subarray(0, data.length).equals(data)) return answer(status.notFound);
    this.#selected = true;
    return this.#send(application);
  }

  #getData({ data }: Command): Buffer {
    const tag = parseTemplate(data).get(0x5c)?.toString('hex');
    const object = tag === undefined ? undefined : this.#objects.get(tag);
    return object ? this.#send(object) : answer(status.notFound);
  }

  #verify({ p2, data }: Command): Buffer {
    if (p2 !== 0x80) return answer(status.unknownReference);
    if (this.#triesLeft === 0) return answer(status.pinBlocked);
    if (data.length === 0) return answer(this.#verified ? status.ok : 0x63c0 | this.#triesLeft);
    if (data.length !== 8) return answer(status.wrongLength);
    this.#counters.pinsSent++;
    const right = Buffer.alloc(8, 0xff);
    right.write(this.#content.pin);
    if (data.equals(right)) {
      this.#triesLeft = this.#content.tries;
      this.#verified = true;
      this.#fresh = true;
      return answer(status.ok);
    }
    this.#counters.pinsWrong++;
    this.#triesLeft--;
    this.#verified = false;
    this.#fresh = false;
    return answer(this.#triesLeft === 0 ? status.pinBlocked : 0x63c0 | this.#triesLeft);
  }

  #authenticate({ cla, p2, data }: Command): Buffer {
    this.#chain.push(data);
    if ((cla & 0x10) !== 0) return answer(status.ok);
    const whole = Buffer.concat(this.#chain);
    this.#chain = [];
    const slot = (['authentication', 'signature'] as const).find((each) => references[each] === p2);
    const key = slot && this.#content[slot];
    if (!key) return answer(status.unknownReference);
    if (!(slot === 'signature' ? this.#fresh : this.#verified)) return answer(status.securityNotSatisfied);
    const input = parseTemplate(parseTemplate(whole).get(0x7c) ?? Buffer.alloc(0)).get(0x81);
    if (!input) return answer(status.wrongData);
    if (slot === 'signature') this.#fresh = false;
    this.#counters.signatures++;
    return this.#send(tlv('7c', tlv('82', privateOperation(key.privateKey, input))));
  }
}

function certificateObject(certificate: Uint8Array): Buffer {
  return tlv('53', tlv('70', certificate), tlv('71', Buffer.of(0)), tlv('fe'));
}

/** RSA: the padded block as it comes. EC: a signature over the digest. */
function privateOperation(key: KeyObject, input: Buffer): Uint8Array {
  if (key.asymmetricKeyType === 'rsa')
    return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, input);
  const bits = key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 384 : 256;
  return ecdsaSign(key, bits, input);
}
