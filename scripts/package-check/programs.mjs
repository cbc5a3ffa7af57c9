import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';

/** A page that holds only a picture of text, as a scanner makes it. */
async function writeScan(path) {
  const picture = await sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="600"><rect width="100%" height="100%" fill="white"/>' +
        '<text x="100" y="200" font-size="56" font-family="DejaVu Serif">QUYET DINH 5781</text></svg>',
    ),
  )
    .jpeg({ quality: 90 })
    .toBuffer();
  const document = await PDFDocument.create();
  const image = await document.embedJpg(picture);
  document.addPage([595, 288]).drawImage(image, { x: 0, y: 0, width: 595, height: 288 });
  await writeFile(path, await document.save());
}

/** One call into a helper program of the packed app; the answer, or the reason why there was none. */
function callProgram(app, program, args, method, params) {
  const child = fork(join(app, 'build', `${program}.mjs`), args, {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} gave no answer`)), 30_000);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said.slice(-2000)}`)));
    child.send({ id: 1, method, params });
    child.once('close', () => clearTimeout(timer));
  }).finally(() => child.kill('SIGKILL'));
}

/**
 * Starts each helper program of the extracted app and has it do a little of its real work, so that a library, a wasm file
 * or language data left out of the package is noticed.
 *
 * @returns {Promise<string[]>} complaints
 */
export async function checkPrograms(app, folder) {
  const complaints = [];
  const scan = join(folder, 'scan.pdf');
  await writeScan(scan);

  const read = await callProgram(app, 'ocr-worker', [], 'readPage', { pdfPath: scan, page: 0, fraction: 1 });
  const text = read.value?.lines?.map((line) => line.text).join(' ') ?? JSON.stringify(read.error);
  if (!text.includes('5781')) complaints.push(`ocr-worker read «${text}»`);

  const inspected = await callProgram(app, 'document-worker', [], 'inspect', { path: scan });
  if (inspected.kind !== 'result') complaints.push(`document-worker: ${JSON.stringify(inspected.error)}`);

  // A library that is no PKCS#11 module shows that the native part loads and refuses it with a code of its own.
  const libraries = join(app, 'node_modules', '@img', 'sharp-libvips-linux-x64', 'lib');
  const library = readdirSync(libraries).find((name) => name.includes('.so'));
  const listed = await callProgram(app, 'token-host', ['--module', join(libraries, library)], 'list', {});
  const code = listed.value?.[0]?.error?.code ?? JSON.stringify(listed);
  if (code !== 'token.module-load-failed') complaints.push(`token-host: ${code}`);
  return complaints;
}
