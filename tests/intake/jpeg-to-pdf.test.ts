import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { codes, convert, folder, pageSizes, pictures, run } from './conversions.ts';
import { drawing, withJfif } from './scan-drawings.ts';

describe('a JPEG scan', () => {
  it('stands in the PDF byte for byte, on a page of its true size', async () => {
    const jpeg = await drawing(1240, 1754).withMetadata({ density: 150 }).jpeg().toBuffer();
    const { facts, path, pdf } = await convert(jpeg);
    expect(pdf.includes(jpeg)).toBe(true);
    expect(await pageSizes(path)).toEqual(['595.2 841.92']);
    expect(await pictures(path)).toEqual(['jpeg 8-bit rgb 150dpi']);
    expect(facts).toMatchObject({
      pages: 1,
      dpi: 150,
      colour: 'colour',
      bitsPerPixel: 24,
      mediaType: 'image/jpeg',
    });
    expect(facts.pageFacts[0]).toMatchObject({ widthMm: 210, heightMm: 297 });
    expect(codes(facts)).toEqual(['intake.low-resolution']);
    expect(facts.warnings[0]?.message).toContain('Độ phân giải thấp hơn 200 dpi (trang 1: 150 dpi)');
  });

  it('makes the same PDF every time', async () => {
    const jpeg = await drawing(400, 300).withMetadata({ density: 300 }).jpeg().toBuffer();
    expect((await convert(jpeg)).pdf.equals((await convert(jpeg)).pdf)).toBe(true);
  });

  it('is warned of when grey', async () => {
    const jpeg = withJfif(await drawing(800, 600).toColourspace('b-w').jpeg().toBuffer(), 300);
    const { facts, path } = await convert(jpeg);
    expect(codes(facts)).toEqual(['intake.not-colour']);
    expect(await pictures(path)).toEqual(['jpeg 8-bit gray 300dpi']);
  });

  it('without a resolution is laid out as A4 when it has A4’s shape, and says so', async () => {
    const { facts, path } = await convert(await drawing(2480, 3508).jpeg().toBuffer());
    expect(facts.dpi).toBe(300);
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
    expect(await pageSizes(path)).toEqual(['595.2 841.92']);
  });

  it('with a resolution that would make the letter a poster is laid out as A4 too', async () => {
    const { facts } = await convert(
      await drawing(2480, 3508).withMetadata({ density: 72 }).jpeg().toBuffer(),
    );
    expect(facts.dpi).toBe(300);
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
  });

  it('of another shape without a resolution gets the default and an unknown dpi', async () => {
    const { facts, path } = await convert(await drawing(1000, 1000).jpeg().toBuffer());
    expect(facts.dpi).toBeNull();
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
    expect(await pageSizes(path)).toEqual(['360 360']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'with EXIF orientation %i is shown upright without touching its bytes',
    async (orientation) => {
      const jpeg = await drawing(300, 200)
        .withMetadata({ density: 72, orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const { path, pdf, facts } = await convert(jpeg);
      expect(pdf.includes(jpeg)).toBe(true);
      const prefix = join(folder, `shown-${orientation}`);
      await run('pdftoppm', ['-png', '-r', '72', '-singlefile', path, prefix]);
      const shown = await sharp(`${prefix}.png`).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const upright = await sharp(jpeg).rotate().removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([shown.info.width, shown.info.height]).toEqual([upright.info.width, upright.info.height]);
      const mean =
        shown.data.reduce((sum, value, at) => sum + Math.abs(value - (upright.data[at] ?? 0)), 0) /
        shown.data.length;
      expect(mean).toBeLessThan(4);
      const wide = (facts.pageFacts[0]?.widthMm ?? 0) > (facts.pageFacts[0]?.heightMm ?? 0);
      expect(wide).toBe(orientation < 5);
    },
  );

  it('in CMYK keeps its colours the right way round', async () => {
    const jpeg = await drawing(300, 200)
      .toColourspace('cmyk')
      .withMetadata({ density: 200 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { path, pdf } = await convert(jpeg);
    expect(pdf.includes(jpeg)).toBe(true);
    const prefix = join(folder, 'cmyk');
    await run('pdftoppm', ['-png', '-r', '200', '-singlefile', path, prefix]);
    const corner = await sharp(`${prefix}.png`)
      .removeAlpha()
      .extract({ left: 290, top: 190, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(Math.min(...corner)).toBeGreaterThan(180);
  });
});
