/** Outlines on a grid of 24. They say nothing that a text beside them does not say. */
const paths = {
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.5q2 1.2 4 0',
  calendar: 'M4 6.5h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4',
  cat: 'M4.5 4.5 9 7.2a9 9 0 0 1 6 0l4.5-2.7v8.3a7.5 7 0 0 1-15 0zM9 12.5v.5M15 12.5v.5M12 15.2v1M10.5 17.2q1.5.8 3 0',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M5 9l7 7 7-7',
  filter: 'M4 7h16M7 12h10M10 17h4',
  home: 'M4 11 12 4l8 7v9h-5.5v-6h-5v6H4z',
  inbox: 'M4 13h4.5l1 2.5h5l1-2.5H20M4 13l2.5-8h11L20 13v6.5H4z',
  left: 'M15 5l-7 7 7 7',
  mail: 'M3.5 5.5h17v13h-17zM3.5 7l8.5 6 8.5-6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 6 0 0 1 15 0',
  photo: 'M4 7h4l1.5-2.5h5L16 7h4v12.5H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  pin: 'M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  plus: 'M12 5v14M5 12h14',
  right: 'M9 5l7 7-7 7',
  up: 'M5 15l7-7 7 7',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.2 15.2 20.5 20.5',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
