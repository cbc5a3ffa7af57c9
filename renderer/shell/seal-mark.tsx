/** The program's mark: a square seal. */
export function SealMark() {
  return (
    <svg className="strip-seal" viewBox="0 0 30 30" aria-hidden>
      <rect x="1.5" y="1.5" width="27" height="27" rx="4" fill="#961f1c" />
      <rect x="4.5" y="4.5" width="21" height="21" rx="2" fill="none" stroke="#efd99a" strokeWidth="1.2" />
      <path d="M9 21 13.6 9h2.8L21 21M10.8 17h8.4" fill="none" stroke="#fff" strokeWidth="2" />
    </svg>
  );
}
