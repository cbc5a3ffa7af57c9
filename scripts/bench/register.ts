import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { buildBundle, timeEngineStart } from './bundle.ts';
import { benchYears, makeFilledRegister } from './register-rows.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { least, median, timed, worst } from './statistics.ts';

type Query = ProcedureInput<'register.list'>;

/** What people type, letter by letter and whole: rare and very common words, several, numbers, nothing found. */
const queries = [
  'u',
  'c',
  'n',
  'x',
  'uy',
  'ub',
  'ủy',
  'ủy ban',
  'ủy ban nhân dân',
  'ủy ban nhân dân tỉnh an lạc',
  'công văn',
  'v/v',
  'xã',
  'dat',
  'đất đai',
  'nguyen van',
  'Nguyễn Văn Đạt',
  'hòa thịnh',
  '12',
  '123',
  '123/ubnd',
  '45/qd-ubnd',
  't t t',
  'u b n d',
  'báo cáo kết quả thực hiện nhiệm vụ',
  'phòng chống thiên tai 2024',
  'không có gì như thế',
];

/** Start, search and paging with a large register (bars: 300 ms, 20 ms, 20 ms at 100,000 rows). */
export async function benchRegister(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const rows = full ? 100_000 : 500;
  const times = full ? 9 : 1;
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-register-'));
  try {
    options.note(`register: entering ${rows} rows`);
    const filling = await timed(() => makeFilledRegister(join(folder, 'data'), rows));
    options.note('register: starting');
    await buildBundle();
    const starts: { ms: number; engineMs: number }[] = [];
    for (let index = 0; index < times + 1; index++) starts.push(await timeEngineStart(join(folder, 'data')));
    const warm = starts.slice(1).map(({ ms }) => ms);
    const engine = await openEngine({
      dataDir: join(folder, 'data'),
      spawner: createNodeSpawner(),
      mode: 'idle',
    });
    try {
      options.note('register: searching and paging');
      const search = await timeQueries(engine, searches(), times);
      const paging = await timeQueries(engine, pages(rows), times);
      return {
        name: 'register',
        title: `Register of ${rows.toLocaleString('en')} rows`,
        method:
          `${rows} invented entries over ${benchYears.length} years, entered by the register's own code (${(filling.ms / 1000).toFixed(0)} s); ` +
          `each query ${times} times through \`engine.call('register.list')\` with parsing both ways, ${queries.length} queries with and without a year; ` +
          'start: a fresh process of the built engine until it has answered `engine.status`. Milliseconds; “best” is the worst of the queries’ best times, CPU the processor time of the process: what the clock would show on an idle machine.',
        columns: ['median', 'worst median', 'worst single', 'best', 'CPU median', 'CPU worst median', 'n'],
        rows: [
          {
            label: 'start to `engine.status`',
            cells: [
              figure(median(warm)),
              '–',
              figure(worst(warm)),
              figure(least(warm)),
              '–',
              '–',
              String(warm.length),
            ],
          },
          {
            label: 'of it opening the data folder',
            cells: [
              figure(median(starts.slice(1).map(({ engineMs }) => engineMs))),
              '–',
              figure(worst(starts.slice(1).map(({ engineMs }) => engineMs))),
              figure(least(starts.slice(1).map(({ engineMs }) => engineMs))),
              '–',
              '–',
              String(warm.length),
            ],
          },
          rowOf('search as typed', search),
          rowOf('page at any offset', paging),
          ...search
            .toSorted((a, b) => median(b.ms) - median(a.ms))
            .slice(0, 5)
            .map((query) => rowOf(`search ${query.label}`, [query])),
        ],
        bars: [
          { what: 'engine ready after start', value: median(warm), limit: 300, unit: 'ms' },
          { what: 'search as typed, worst median', value: worstMedian(search), limit: 20, unit: 'ms' },
          { what: 'page at any offset, worst median', value: worstMedian(paging), limit: 20, unit: 'ms' },
        ],
      };
    } finally {
      await engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Timed {
  readonly label: string;
  readonly ms: readonly number[];
  readonly cpuMs: readonly number[];
}

function searches(): { label: string; query: Query }[] {
  return queries.flatMap((query) => [
    { label: `«${query}»`, query: { query } },
    { label: `«${query}» of 2025`, query: { query, year: 2025 } },
  ]);
}

function pages(rows: number): { label: string; query: Query }[] {
  const offsets = [0, 0.01, 0.25, 0.5, 0.75, 0.999].map((share) => Math.floor(rows * share));
  return [
    ...offsets.map((offset) => ({ label: `offset ${offset}`, query: { offset } })),
    ...offsets.map((offset) => {
      const within = Math.floor(offset / benchYears.length);
      return { label: `offset ${within} of 2024`, query: { offset: within, year: 2024 } };
    }),
    { label: 'half a year by days', query: { from: '2024-03-01', to: '2024-09-01' } },
  ];
}

async function timeQueries(
  engine: Engine,
  asked: readonly { label: string; query: Query }[],
  times: number,
): Promise<Timed[]> {
  const found: Timed[] = [];
  for (const { label, query } of asked) {
    await engine.call('register.list', query);
    const ms: number[] = [];
    const cpuMs: number[] = [];
    for (let index = 0; index < times; index++) {
      const took = await timed(() => engine.call('register.list', query));
      ms.push(took.ms);
      cpuMs.push(took.cpuMs);
    }
    found.push({ label, ms, cpuMs });
  }
  return found;
}

const worstMedian = (found: readonly Timed[]) => worst(found.map(({ ms }) => median(ms)));

function rowOf(label: string, found: readonly Timed[]): Row {
  const all = found.flatMap(({ ms }) => ms);
  const cpu = found.flatMap(({ cpuMs }) => cpuMs);
  return {
    label,
    cells: [
      median(all),
      worstMedian(found),
      worst(all),
      worst(found.map(({ ms }) => least(ms))),
      median(cpu),
      worst(found.map(({ cpuMs }) => median(cpuMs))),
    ]
      .map(figure)
      .concat(String(all.length)),
  };
}
