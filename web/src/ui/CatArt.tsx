import { toneOf } from './tone'

/** Coats of drawn cats: fur, its darker marks, and the wall behind. */
const coats = [
  { fur: '#d98a4b', mark: '#b9682c', wall: '#f6e3cb' },
  { fur: '#8b8f98', mark: '#6c717b', wall: '#e2e8ea' },
  { fur: '#3d3a3f', mark: '#2a282c', wall: '#f3d9c4' },
  { fur: '#efe3cf', mark: '#dcc7a6', wall: '#cfe2da' },
  { fur: '#8a6448', mark: '#6d4c34', wall: '#e9e3cb' },
  { fur: '#f7f3ee', mark: '#e0894a', wall: '#d5dfee' },
]

/** A cat that stands in for one without photos. The same id always gets the same cat. */
export function DrawnCat({ id }: { id: string }) {
  const { fur, mark, wall } = coats[toneOf(id, coats.length)]!
  const dark = fur === '#3d3a3f'
  const line = dark ? '#f1e4d3' : '#3a2c24'
  const awake = toneOf(`${id}-eyes`, 2) === 0
  const striped = toneOf(`${id}-marks`, 3) > 0
  return (
    <svg viewBox="0 0 320 240" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <path fill={wall} d="M0 0h320v240H0z" />
      <path fill={fur} d="M92 240c0-60 30-96 68-96s68 36 68 96z" />
      <path fill={fur} d="M96 74c-2-26 0-46 6-46s26 16 38 30zM224 74c2-26 0-46-6-46s-26 16-38 30z" />
      <path fill="#e9a89a" d="M106 62c-1-12 0-21 3-21s11 8 17 14zM214 62c1-12 0-21-3-21s-11 8-17 14z" />
      <ellipse fill={fur} cx="160" cy="108" rx="70" ry="60" />
      {striped && (
        <path
          fill="none"
          stroke={mark}
          strokeWidth="7"
          strokeLinecap="round"
          d="M160 52v20M142 55l3 16M178 55l-3 16M94 104l18 3M94 122l17-2M226 104l-18 3M226 122l-17-2"
        />
      )}
      <g fill="none" stroke={line} strokeWidth="4.5" strokeLinecap="round" strokeLinejoin="round">
        {awake ? (
          <path d="M133 99v9M187 99v9" strokeWidth="9" />
        ) : (
          <path d="M123 103q10 9 20 0M177 103q10 9 20 0" />
        )}
        <path d="M160 129v6M160 135q-9 10-18 2M160 135q9 10 18 2" />
        <path strokeWidth="2.5" d="M112 126l-34-6M112 134l-34 4M208 126l34-6M208 134l34 4" />
      </g>
      <path fill="#e08f80" d="M152 121h16l-8 9z" />
    </svg>
  )
}

/** A cat asleep, for pages on which nothing happens. */
export function SleepingCat() {
  return (
    <svg viewBox="0 0 260 140" aria-hidden="true">
      <ellipse cx="130" cy="124" rx="112" ry="10" fill="var(--sunken)" />
      <path fill="var(--marmalade)" d="M46 124c-14-58 30-92 88-92 60 0 92 40 82 92z" />
      <path fill="none" stroke="var(--paper)" strokeOpacity="0.4" strokeWidth="7" strokeLinecap="round" d="M128 36q8 12 2 26M152 38q8 12 2 24M176 48q6 10 0 20" />
      <path fill="var(--marmalade)" d="M34 74c-3-18-1-30 4-30s16 10 23 19zM106 74c4-17 3-30-2-30s-17 9-24 18z" />
      <ellipse cx="70" cy="94" rx="44" ry="34" fill="var(--marmalade)" />
      <g fill="none" stroke="#3a2219" strokeWidth="3.5" strokeLinecap="round">
        <path d="M46 92q8 7 16 0M78 92q8 7 16 0M70 105q-5 6-11 1M70 105q5 6 11 1" />
        <path strokeWidth="2" d="M38 104l-20-3M38 109l-20 3M102 104l18-3M102 109l18 3" />
      </g>
      <path fill="#7d3a2b" d="M65 99h10l-5 6z" />
      <path fill="none" stroke="var(--marmalade)" strokeWidth="17" strokeLinecap="round" d="M205 116c26 4 26-26 8-34" />
      <g fill="var(--muted)" fontFamily="var(--display)" fontWeight="600">
        <text x="112" y="30" fontSize="20">z</text>
        <text x="128" y="16" fontSize="15">z</text>
      </g>
    </svg>
  )
}
