// Files of photos, made by the browser.
import type { Page } from 'playwright-core'

/** A text in the notes of a camera, which must not leave the browser. */
export const PLANTED = 'PLANTED'

/**
 * Returns a file as a phone makes it: it is as large, and lies on its side, which its notes say (orientation 6). The notes also have a
 * text.
 */
export async function photoOf(page: Page, name: string, width = 4000, height = 3000): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width!, height!)
      const context = canvas.getContext('2d')!
      for (let n = 0; n < 400; n++) {
        context.fillStyle = `hsl(${n % 60} 60% ${30 + (n % 40)}%)`
        context.fillRect((width! * (n % 20)) / 20, (height! * Math.floor(n / 20)) / 20, width! / 20, height! / 20)
      }
      const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
      return [...new Uint8Array(await file.arrayBuffer())]
    },
    [width, height],
  )
  return { name, mimeType: 'image/jpeg', buffer: withNotes(Buffer.from(bytes)) }
}

/** Puts notes behind the first marker of a JPEG: an orientation, and a text. */
function withNotes(jpeg: Buffer): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt16LE(tag, 0)
    bytes.writeUInt16LE(type, 2)
    bytes.writeUInt32LE(count, 4)
    bytes.writeUInt32LE(value, 8)
    return bytes
  }
  const text = Buffer.from(`${PLANTED}\0`)
  const start = 8 + 2 + 2 * 12 + 4
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0\x02\0', 'latin1'), entry(0x010e, 2, text.length, start), entry(0x0112, 3, 1, 6), Buffer.alloc(4), text])
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff])
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}
