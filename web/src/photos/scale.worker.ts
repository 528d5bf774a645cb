/** The longest side of what is sent: more than the largest size in which the API keeps photos. */
const LONGEST = 2560

/**
 * Makes a photo smaller, apart from the page, which would stand still meanwhile. The browser turns it as the camera says. What the
 * camera has noted, such as the place, does not get into the new file.
 */
async function scaled(photo: Blob): Promise<Blob> {
  const image = await createImageBitmap(photo)
  const factor = Math.min(1, LONGEST / Math.max(image.width, image.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * factor)), Math.max(1, Math.round(image.height * factor)))
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.fillStyle = '#fff' // JPEG has no transparent pixels.
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}

onmessage = ({ data }: MessageEvent<Blob>) => {
  void scaled(data).then(
    (photo) => postMessage(photo),
    () => postMessage(undefined),
  )
}
