import { open } from 'node:fs/promises';

/** Children of one group of the structure tree. */
const GROUP = 100;

/** Writes a tagged PDF with that many objects, nearly all of them elements of the structure tree, as long texts have them. Gives its size. */
export async function writeManyObjects(path: string, objects: number): Promise<number> {
  const pages = Math.min(300, Math.floor(objects / 10));
  const parts: string[] = ['%PDF-1.7\n'];
  const offsets: number[] = [];
  let position = parts[0]?.length ?? 0;
  const object = (num: number, body: string): void => {
    const text = `${num} 0 obj\n${body}\nendobj\n`;
    offsets[num] = position;
    position += text.length;
    parts.push(text);
  };
  const pageAt = (index: number): number => 5 + 2 * (index % pages);
  const list = (numbers: readonly number[]): string => numbers.map((num) => `${num} 0 R`).join(' ');
  object(1, '<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 3 0 R /MarkInfo << /Marked true >> >>');
  object(2, `<< /Type /Pages /Count ${pages} /Kids [${list(Array.from({ length: pages }, (_, index) => pageAt(index)))}] >>`); // prettier-ignore
  object(4, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (let index = 0; index < pages; index++) {
    const content = `BT /F1 12 Tf 72 720 Td (Trang ${index + 1}) Tj ET`;
    object(pageAt(index), `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /StructParents ${index} /Contents ${pageAt(index) + 1} 0 R /Resources << /Font << /F1 4 0 R >> >> >>`); // prettier-ignore
    object(pageAt(index) + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  const groups: number[] = [];
  for (let num = 5 + 2 * pages; num <= objects; num += GROUP + 1) {
    const page = pageAt(groups.length);
    const kids = Array.from({ length: Math.min(GROUP, objects - num) }, (_, index) => num + 1 + index);
    object(num, `<< /Type /StructElem /S /Sect /P 3 0 R /K [${list(kids)}] >>`);
    for (const kid of kids) object(kid, `<< /Type /StructElem /S /P /P ${num} 0 R /K ${kid - num} /Pg ${page} 0 R /ID (e${kid}) /Lang (vi-VN) >>`); // prettier-ignore
    groups.push(num);
  }
  object(3, `<< /Type /StructTreeRoot /K [${list(groups)}] >>`);
  const table = position;
  const rows = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  parts.push(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join('')}`);
  parts.push(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  await using file = await open(path, 'w');
  await file.writeFile(parts.join(''), 'latin1');
  return (await file.stat()).size;
}
