import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import { CLAMD_MISSING, eicarBytes, findClamd } from '../lib/clamd.ts';
import { demoRevocationLists } from '../pki/index.ts';
import { makeSampleScans, makeSecretScan } from '../samples/index.ts';
import { foreignOpinions, type ForeignOpinion } from './foreign-check.ts';
import { runElectronicArrival, sendEDocument } from './electronic-arrival.ts';
import { dropScan, runPaperArrival, type ScanInput } from './paper-arrival.ts';
import type { DocumentReport } from './steps.ts';
import { createWorkplace, DEMO_PIN, demoAgency, unlockSampleKey, type Workplace } from './workplace.ts';

const projectRoot = resolve(import.meta.dirname, '../..');
const outFolder = join(projectRoot, 'out', 'demo');
/** Lets the signatures be judged in full after the sample responder is gone. */
const revocationLists = join(outFolder, 'danh-sach-thu-hoi-mau.pem');
const SEED = 20261121;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    softhsm: { type: 'boolean' },
    keep: { type: 'boolean' },
    'without-scanner': { type: 'boolean' },
  },
});

/** People's text: on standard output, or on standard error beside one JSON document. */
const print = (line: string) => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);

interface Refused {
  readonly input: string;
  readonly code: string;
  readonly ok: boolean;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const inputs = await givenFiles();
  if (!inputs) return 66;
  if (!options['without-scanner'] && findClamd() === undefined) {
    print(CLAMD_MISSING);
    return 69;
  }
  await mkdir(outFolder, { recursive: true });
  const root = await mkdtemp(join(outFolder, 'van-phong-'));
  const started = performance.now();
  let workplace: Workplace | undefined;
  let engine: Engine | undefined;
  try {
    print(`Ấn Thư – chạy thử công việc chính tại ${demoAgency.name} (dữ liệu mẫu, không dùng chính thức)`);
    workplace = await createWorkplace({
      root,
      key: options.softhsm ? 'softhsm' : 'soft-token',
      scanner: options['without-scanner'] ? 'left-out' : 'clamd',
    });
    announce(workplace);
    engine = await openEngine({
      dataDir: workplace.dataDir,
      spawner: createNodeSpawner(),
    });
    await unlockSampleKey(engine, workplace.keyUri);
    const report = await runJob(engine, workplace, inputs);
    const trustAnchor = join(outFolder, 'neo-tin-cay-mau.pem');
    await copyFile(workplace.pki.rootPath, trustAnchor);
    await copyFile(workplace.pki.issuingPath, join(outFolder, 'ca-cap-chung-thu-mau.pem'));
    await writeFile(revocationLists, demoRevocationLists(workplace.pki, new Date()));
    if (options.keep) await writeFile(join(outFolder, 'last-data-dir'), `${workplace.dataDir}\n`);
    const [firstSigned] = report.documents.flatMap((document) => document.signedPdf ?? []);
    const opinions = firstSigned ? await foreignOpinions(firstSigned, workplace.pki, root) : [];
    closing(report, { trustAnchor, workplace, ms: performance.now() - started, opinions });
    const result = {
      ok: report.ok,
      documents: report.documents,
      refused: report.refused.map(({ input, code }) => ({ input, code })),
      trustAnchor,
      dataDir: workplace.dataDir,
      foreignOpinions: opinions,
    };
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return report.ok ? 0 : 1;
  } finally {
    await engine?.close();
    await workplace?.stop();
    if (!options.keep) await rm(root, { recursive: true, force: true });
  }
}

/** The user's own files, or undefined after saying which is missing. */
async function givenFiles(): Promise<ScanInput[] | undefined> {
  const base = process.env['INIT_CWD'] ?? process.cwd();
  const inputs: ScanInput[] = [];
  for (const file of files) {
    const path = resolve(base, file);
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (!isFile) {
      print(`Không mở được tệp ${file}.`);
      return undefined;
    }
    inputs.push({ path, truth: null });
  }
  return inputs;
}

function announce(workplace: Workplace): void {
  const { clamd } = workplace;
  print(`  khóa ký: ${options.softhsm ? 'SoftHSM2 qua PKCS#11' : 'khóa mềm PKCS#12'} (mẫu), PIN ${DEMO_PIN}`);
  print(`  máy chủ tỉnh (mẫu): ${workplace.server.url} · dấu thời gian: ${workplace.tsaUrl}`);
  if (!clamd) {
    print(
      '  !!! KHÔNG KIỂM TRA VI-RÚT: đã chọn --without-scanner. Bước này bị bỏ qua trong lần chạy này. !!!',
    );
    return;
  }
  print(`  bộ quét vi-rút: ${clamd.version}`);
  if (clamd.databaseKind === 'eicar-only') {
    print('  (cơ sở dữ liệu thử, chỉ biết tệp EICAR; máy thật cần bộ mẫu chính thức do freshclam tải về)');
  }
}

interface JobReport {
  readonly ok: boolean;
  readonly documents: DocumentReport[];
  readonly refused: Refused[];
}

async function runJob(engine: Engine, workplace: Workplace, given: ScanInput[]): Promise<JobReport> {
  const samples = join(workplace.root, 'mau');
  await mkdir(samples, { recursive: true });
  const sampleOptions = {
    seed: SEED,
    today: vietnamDate(new Date()),
    names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
    truthDir: join(workplace.root, 'mau', 'dap-an'),
  };
  const inputs: ScanInput[] = given.length > 0 ? given : await makeSampleScans(samples, sampleOptions);
  const documents: DocumentReport[] = [];
  for (const input of inputs) {
    print(`\n▶ ${basename(input.path)}`);
    const report = await runPaperArrival(engine, workplace, input, print);
    documents.push(await copySigned(report));
  }
  const refused: Refused[] = [];
  if (workplace.clamd) {
    const virus = join(samples, 'thu-co-vi-rut.pdf');
    await writeFile(virus, eicarBytes());
    refused.push(await expectRefusal(engine, workplace, virus, 'scanner.infected'));
  }
  const secret = await makeSecretScan(samples, { ...sampleOptions, seed: SEED + 1 });
  refused.push(await expectRefusal(engine, workplace, secret.path, 'reading.secrecy-mark'));
  print('\n▶ Văn bản điện tử từ hộp thư của tỉnh');
  const sent = await sendEDocument(workplace, join(workplace.root, 'van-ban-di-cua-tinh'), SEED + 2);
  documents.push(await copySigned(await runElectronicArrival(engine, workplace, sent, print)));
  const chain = await engine.call('audit.verify', {});
  const archive = await engine.call('archive.check', {});
  print(
    `\nNhật ký: ${chain.entries} mục, chuỗi băm ${chain.ok ? 'nguyên vẹn' : 'BỊ ĐỨT'}; lưu trữ: ${archive.checked} tệp đọc lại, ${archive.damaged.length} hỏng`,
  );
  const wanted = workplace.clamd ? 2 : 1;
  const ok =
    documents.every((document) => document.ok) &&
    refused.length === wanted &&
    refused.every((file) => file.ok) &&
    chain.ok &&
    archive.damaged.length === 0;
  return { ok, documents, refused };
}

/** Puts the signed PDF beside the demo's results, so that it outlives the data folder. */
async function copySigned(report: DocumentReport): Promise<DocumentReport> {
  if (report.signedPdf === null) return report;
  const name = `${basename(report.input)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}.-]+/gu, '-')}.da-ky.pdf`;
  const target = join(outFolder, name);
  await rm(target, { force: true });
  await copyFile(report.signedPdf, target);
  return { ...report, signedPdf: target };
}

/** Drops a file that must not get in, and checks that it truly lies in quarantine, without a number. */
async function expectRefusal(
  engine: Engine,
  workplace: Workplace,
  path: string,
  code: string,
): Promise<Refused> {
  print(`\n▶ ${basename(path)} (phải bị từ chối)`);
  const { item } = await dropScan(engine, workplace, path);
  const quarantined = await stat(join(workplace.dataDir, 'quarantine', item.sha256)).then(
    () => true,
    () => false,
  );
  const ok =
    item.state === 'quarantined' && item.error?.code === code && item.arrivalId === null && quarantined;
  print(`  ${ok ? '✓' : '✗'} ${item.error?.message ?? item.state} [${item.error?.code ?? item.state}]`);
  return { input: path, code: item.error?.code ?? item.state, ok };
}

function closing(
  report: JobReport,
  end: { trustAnchor: string; workplace: Workplace; ms: number; opinions: readonly ForeignOpinion[] },
): void {
  const [first] = report.documents;
  const signed = relative(projectRoot, first?.signedPdf ?? '');
  const anchor = relative(projectRoot, end.trustAnchor);
  for (const opinion of end.opinions) print(`${opinion.ok ? '✓' : '✗'} ${opinion.tool}: ${opinion.words}`);
  print(`\n${report.ok ? 'HOÀN THÀNH' : 'CHƯA ĐẠT'} sau ${(end.ms / 1000).toFixed(1)} giây.`);
  print(`Tệp đã ký: ${signed} (và các tệp khác trong ${relative(projectRoot, outFolder)}/)`);
  print(`Gốc tin cậy mẫu: ${anchor}`);
  print('Kiểm tra bằng công cụ khác (gói poppler-utils, libnss3-tools):');
  print('  mkdir -p /tmp/nss && certutil -N -d sql:/tmp/nss --empty-password');
  print(`  certutil -A -d sql:/tmp/nss -n goc -t "CT,C,C" -i ${anchor}`);
  print(
    `  certutil -A -d sql:/tmp/nss -n cap -t ",," -i ${relative(projectRoot, join(outFolder, 'ca-cap-chung-thu-mau.pem'))}`,
  );
  print(`  pdfsig -nssdir sql:/tmp/nss ${signed}`);
  print(
    '  (pdfsig hỏi máy chủ OCSP mẫu; khi máy chủ đã tắt, dòng «Certificate Validation» báo «Unknown issue».)',
  );
  print(
    `hoặc: npm run -s an-thu -- verify --trust ${anchor} --crl ${relative(projectRoot, revocationLists)} ${signed}`,
  );
  if (options.keep) {
    print(`Dữ liệu được giữ lại: ${end.workplace.dataDir}. Mở cửa sổ: npm start (PIN ${DEMO_PIN}).`);
  }
}
