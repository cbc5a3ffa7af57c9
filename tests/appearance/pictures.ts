import sharp from 'sharp';

/** A leader's handwriting in blue on nothing, 900 × 420 pixels with empty margins. */
export function handwritingPng(
  options: { ground?: 'transparent' | 'white'; colour?: string } = {},
): Promise<Buffer> {
  const { ground = 'transparent', colour = '#1f3fae' } = options;
  return png(
    `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="420">
      ${ground === 'white' ? '<rect width="900" height="420" fill="white"/>' : ''}
      <path d="M90 260 C140 40 190 40 170 250 C160 330 120 330 150 240 C200 120 240 150 250 230
        C260 290 300 250 320 200 C340 150 370 190 360 240 C355 290 410 250 440 190 C470 130 500 200 480 250
        C470 300 560 240 600 180 C640 120 660 220 640 260 C630 300 760 230 820 120
        M110 330 C300 290 560 300 780 330 C700 350 400 370 230 350"
        fill="none" stroke="${colour}" stroke-width="9" stroke-linecap="round" stroke-linejoin="round"/>
    </svg>`,
  );
}

/** An agency's round seal in red on nothing, with an empty margin. */
export function sealPng(): Promise<Buffer> {
  const star = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 150 : 60;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    return `${400 + radius * Math.cos(angle)},${400 + radius * Math.sin(angle)}`;
  }).join(' ');
  const letters = [...'ỦY BAN NHÂN DÂN XÃ HÒA THỊNH ★ TỈNH AN LẠC ★ ']
    .map((letter, i, all) => {
      const turn = (i * 360) / all.length;
      return `<text x="400" y="118" font-size="44" font-family="sans-serif" font-weight="bold" text-anchor="middle"
        transform="rotate(${turn} 400 400)" fill="#d2141e">${letter}</text>`;
    })
    .join('');
  return png(
    `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800">
      <g fill="none" stroke="#d2141e"><circle cx="400" cy="400" r="352" stroke-width="16"/>
      <circle cx="400" cy="400" r="330" stroke-width="5"/><circle cx="400" cy="400" r="250" stroke-width="7"/></g>
      ${letters}<polygon points="${star}" fill="#d2141e"/>
    </svg>`,
  );
}

function png(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg)).png().toBuffer();
}
