import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asAnThuError } from '../../core/shared/errors.ts';
import { defaultCaps, parseEdxml, parseEdxmlFile, type EdxmlCaps } from '../../core/sync/edxml/index.ts';
import { timed } from '../../scripts/bench/statistics.ts';
import { makeZip, type ZipLies } from './make-zip.ts';
import { packageSamples } from './samples.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'an-thu-hostile-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const good = (packageSamples['edoc_new'] ?? Buffer.alloc(0)).toString();
const spoil = (from: string | RegExp, to: string) => {
  const spoilt = good.replace(from, to);
  if (spoilt === good) throw new Error('nothing was spoilt');
  return spoilt;
};

function verdict(xml: string | Buffer, caps: EdxmlCaps = defaultCaps): { code: string; reason: string } {
  try {
    parseEdxml(Buffer.from(xml as string), { outDir: out, caps });
  } catch (thrown) {
    const error = asAnThuError(thrown);
    return { code: error.code, reason: String(error.detail['reason']) };
  }
  return { code: 'accepted', reason: '' };
}

const HOSTILE = 'sync.edxml-hostile';
const INVALID = 'sync.edxml-invalid';

describe('hostile XML', () => {
  const withDtd = (dtd: string, body = '&x;') =>
    spoil(/<\?xml[^>]*\?>/, `<?xml version="1.0" encoding="utf-8"?>${dtd}`).replace('Nguyễn Văn Ấn', body);

  it('an outside entity is refused and never read', () => {
    const secret = join(out, 'secret.txt');
    writeFileSync(secret, 'mật');
    expect(verdict(withDtd(`<!DOCTYPE edXML [<!ENTITY x SYSTEM "file://${secret}">]>`)).code).toBe(HOSTILE);
    expect(verdict(withDtd('<!DOCTYPE edXML SYSTEM "http://127.0.0.1:9/evil.dtd">', 'A')).code).toBe(HOSTILE);
    expect(
      verdict(withDtd('<!DOCTYPE edXML [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', 'A')).code,
    ).toBe(HOSTILE);
  });

  it('a billion laughs are not laughed', async () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
      '',
    );
    const bomb = withDtd(`<!DOCTYPE edXML [<!ENTITY l0 "ha">${laughs}]>`, '&l9;');
    const { value, cpuMs } = await timed(() => verdict(bomb));
    expect(value.code).toBe(HOSTILE);
    expect(cpuMs).toBeLessThan(500);
  });

  it('a document type hidden in another encoding does not pass', () => {
    const utf16 = Buffer.from(`\uFEFF${withDtd('<!DOCTYPE edXML [<!ENTITY x "y">]>')}`, 'utf16le');
    expect(verdict(utf16).code).toBe(INVALID);
    expect(verdict(Buffer.from(good.replace('utf-8', 'utf-16'), 'utf16le')).code).toBe(INVALID);
    expect(verdict(good.replace('utf-8', 'UTF-7')).code).toBe(INVALID);
    expect(verdict(good.replace('utf-8', 'IBM037')).code).toBe(INVALID);
    expect(verdict(Buffer.from(good, 'latin1')).code).toBe(INVALID);
  });

  it('deep nesting is refused, as deep as the parser goes and beyond', () => {
    for (const depth of [40, 1000, 30_000]) {
      const nested = spoil(
        '<edXML:OtherInfo>',
        `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}<edXML:OtherInfo>`,
      );
      expect(verdict(nested).code, String(depth)).toBe(HOSTILE);
    }
  });

  it('a flood of elements is refused before it is parsed', async () => {
    const { value, cpuMs } = await timed(() =>
      verdict(spoil('<edXML:OtherInfo>', `${'<a/>'.repeat(2_000_000)}<edXML:OtherInfo>`)),
    );
    expect(value.code).toBe(HOSTILE);
    expect(cpuMs).toBeLessThan(1500);
  });

  it('a flood of attributes is refused', () => {
    const attributes = Array.from({ length: 20_000 }, (_, i) => `a${i}="1"`).join(' ');
    expect(verdict(spoil('<edXML:OtherInfo>', `<edXML:OtherInfo ${attributes}>`)).code).toBe(HOSTILE);
  });

  it('tags that never end do not make the look at them walk through the file each time', () => {
    const open = Buffer.concat([Buffer.alloc(200_000, '<'), Buffer.alloc(60_000_000, 'a')]);
    expect(verdict(open)).toEqual({ code: INVALID, reason: 'a tag without an end' });
  });

  it('what is quoted from a package in an error is short and holds nothing invisible', () => {
    const id = `\u202e${'x'.repeat(1_000_000)}`;
    const { code, reason } = verdict(spoil(/<ContentId>[^<]*</, `<ContentId>${id}<`));
    expect(code).toBe(INVALID);
    expect(reason.length).toBeLessThan(400);
    expect(reason).not.toContain('\u202e');
  });

  it('a file over the size limit is refused without being read', () => {
    const path = join(out, 'huge.edxml');
    writeFileSync(path, good);
    truncateSync(path, 100_000_001);
    expect(() => parseEdxmlFile({ path, outDir: out })).toThrow(/edxml-hostile/);
  });

  it('damaged, empty and foreign files are not in order', () => {
    expect(verdict('').code).toBe(INVALID);
    expect(verdict(good.slice(0, -20)).code).toBe(INVALID);
    expect(verdict('<html/>').code).toBe(INVALID);
    expect(verdict('%PDF-1.7').code).toBe(INVALID);
    expect(verdict(`${good}\0`).code).toBe(INVALID);
  });

  it('an element that must be single is not believed twice', () => {
    const twice = '<edXML:DocumentId>H1,2026/01/01,1/X</edXML:DocumentId><edXML:DocumentId>';
    expect(verdict(spoil('<edXML:DocumentId>', twice))).toMatchObject({
      code: INVALID,
      reason: 'DocumentId occurs 2 times',
    });
  });

  it('wrong values are named', () => {
    expect(verdict(spoil('2026/11/20<', '2026/13/45<')).reason).toContain('PromulgationDate');
    expect(verdict(spoil('<edXML:Priority>1<', '<edXML:Priority>9<')).reason).toContain('Priority');
    expect(verdict(spoil('DocType>0<', 'DocType>7<')).reason).toContain('BussinessDocType');
    expect(verdict(spoil(/<edXML:OrganId>H99</, '<edXML:OrganId><')).reason).toContain('from.organId');
  });
});

describe('hostile attachments', () => {
  const withAttachment = (type: string, name: string, content: Buffer) =>
    good
      .replace(
        /<AttachmentEncoded>.*<\/AttachmentEncoded>/s,
        `<AttachmentEncoded><Attachment><ContentType>${type}</ContentType><ContentId>x</ContentId>` +
          `<ContentTransferEncoded>${content.toString('base64')}</ContentTransferEncoded>` +
          `<AttachmentName>${name}</AttachmentName></Attachment></AttachmentEncoded>`,
      )
      .replace(/<edXML:Reference.*<\/edXML:Reference>/s, '');
  const zipped = (name: string, data: Buffer, lies: ZipLies = {}) =>
    verdict(withAttachment('application/zip', 'scan.jpg', makeZip(name, data, lies)));

  it('a zip bomb is refused by its ratio, and one that lies about its size too', async () => {
    const zeros = Buffer.alloc(20_000_000);
    const { cpuMs } = await timed(() => {
      expect(zipped('scan.jpg', zeros).code).toBe(HOSTILE);
      expect(zipped('scan.jpg', zeros, { announcedSize: 1000 }).code).toBe(HOSTILE);
      expect(zipped('scan.jpg', Buffer.alloc(1000), { announcedSize: 900_000_000 }).code).toBe(HOSTILE);
    });
    expect(cpuMs).toBeLessThan(2000);
  });

  it.each(['../../etc/cron.d/x', '/etc/passwd', 'C:\\Windows\\x.dll', 'a/../../x', '..\\x'])(
    'a zip entry named %s is refused',
    (name) => {
      expect(zipped(name, Buffer.from('x')).code).toBe(HOSTILE);
    },
  );

  it('a zip that shows two names, a link, a secret or several files is refused', () => {
    const data = Buffer.from('x');
    expect(zipped('scan.jpg', data, { localName: 'evil.exe' }).code).toBe(HOSTILE);
    expect(zipped('scan.jpg', data, { unixMode: 0o120777 }).code).toBe(HOSTILE);
    expect(zipped('scan.jpg', data, { flags: 0x0801 }).code).toBe(INVALID);
    expect(zipped('scan.jpg', data, { entries: 2 }).code).toBe(INVALID);
    expect(verdict(withAttachment('application/zip', 'scan.jpg', Buffer.from('not a zip'))).code).toBe(
      INVALID,
    );
  });

  it('any damage to a zipped attachment is an answer, never a crash', () => {
    const zip = makeZip('scan.jpg', Buffer.from('ảnh mẫu '.repeat(40)));
    for (let at = 0; at < zip.length; at++) {
      const damaged = Buffer.from(zip);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0xff, at);
      const folder = mkdtempSync(join(out, 'bit-'));
      try {
        parseEdxml(Buffer.from(withAttachment('application/zip', 'scan.jpg', damaged)), { outDir: folder });
      } catch (thrown) {
        expect([HOSTILE, INVALID]).toContain(asAnThuError(thrown).code);
      }
    }
  });

  it('a media type of megabytes is not kept: the name decides', () => {
    const type = `application/${'x'.repeat(1_000_000)}`;
    const parsed = parseEdxml(Buffer.from(withAttachment(type, 'quyet-dinh.pdf', Buffer.from('%PDF'))), {
      outDir: out,
    });
    expect(parsed).toMatchObject({ attachments: [{ mediaType: 'application/pdf' }] });
  });

  it('a true zip stays a zip', () => {
    const parsed = parseEdxml(
      Buffer.from(withAttachment('application/zip', 'hoso.zip', makeZip('../x', Buffer.from('x')))),
      { outDir: out },
    );
    expect(parsed).toMatchObject({ attachments: [{ name: 'hoso.zip', unzipped: false }] });
  });

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Windows\\System32\\evil.pdf', 'evil.pdf'],
    ['con.pdf', '_con.pdf'],
    ['cong-van\u202Efdp.exe', 'cong-van_fdp.exe'],
    ['  .. ', 'tep-0001'],
  ])('the name %j becomes %j and never a path', (declared, safe) => {
    const parsed = parseEdxml(
      Buffer.from(withAttachment('application/pdf', declared, Buffer.from('%PDF-'))),
      {
        outDir: out,
      },
    );
    if (parsed.kind !== 'package') throw new Error('not a package');
    expect(parsed.attachments[0]?.name).toBe(safe);
    expect(dirname(parsed.attachments[0]?.path ?? '')).toBe(out);
    expect(readdirSync(out)).toEqual(['0001.bin']);
  });

  it('base64 with rubbish, doubled ids, and a manifest that names others are refused', () => {
    expect(verdict(spoil('JVBERi0', 'JVB!Ri0')).code).toBe(INVALID);
    expect(verdict(spoil(/<ContentId>2-[0-9a-f]+</, '<ContentId>other<')).code).toBe(INVALID);
    const id = /<ContentId>(1-[0-9a-f]+)</.exec(good)?.[1] ?? '';
    expect(verdict(spoil(/<ContentId>2-[0-9a-f]+</, `<ContentId>${id}<`)).code).toBe(INVALID);
    expect(verdict(spoil(/<Attachment>.*?<\/Attachment>/s, '')).reason).toContain('missing');
  });

  it('more or larger attachments than allowed are refused', () => {
    expect(verdict(good, { ...defaultCaps, attachments: 1 }).code).toBe(HOSTILE);
    expect(verdict(good, { ...defaultCaps, attachmentBytes: 10 }).code).toBe(HOSTILE);
    expect(verdict(good, { ...defaultCaps, totalBytes: 30 }).code).toBe(HOSTILE);
    expect(readdirSync(out)).toEqual([]);
  });

  it('a large honest scan passes', () => {
    const scan = Buffer.alloc(12_000_000, 'a scan of many pages ');
    const parsed = parseEdxml(Buffer.from(withAttachment('application/pdf', 'scan.pdf', scan)), {
      outDir: out,
    });
    expect(parsed).toMatchObject({ attachments: [{ bytes: 12_000_000 }] });
  });
});
