package photo

import (
	"fmt"
	"image"

	"golang.org/x/image/draw"
)

// fit returns the width and the height of a picture in a size. No picture is enlarged.
func fit(width, height int, size Size) (fittedWidth, fittedHeight int) {
	if mostWidth := size.Width(); width > mostWidth {
		width, height = mostWidth, max(1, (height*mostWidth+width/2)/width)
	}
	if mostHeight := size.Height(); height > mostHeight {
		width, height = max(1, (width*mostHeight+height/2)/height), mostHeight
	}
	return width, height
}

// scale returns a picture on white, in another size that is not larger. Averages of whole pixels come first,
// because ApproxBiLinear alone leaves out pixels, and filters that leave out none take four times as long.
func scale(picture image.Image, width, height int) *image.RGBA {
	if factor := shrinking(picture.Bounds().Dx(), picture.Bounds().Dy(), width, height); factor > 1 {
		shrunk := shrink(picture, factor)
		if shrunk.Rect.Dx() == width && shrunk.Rect.Dy() == height {
			return shrunk
		}
		picture = shrunk
	}
	scaled := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(scaled, scaled.Rect, image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(scaled, scaled.Rect, picture, picture.Bounds(), draw.Over, nil)
	return scaled
}

// shrinking returns the largest factor by which a picture can be shrunk without becoming smaller than a width and a
// height, of which one may have been rounded.
func shrinking(width, height, leastWidth, leastHeight int) int {
	factor := width / leastWidth
	for factor > 1 && (height+factor-1)/factor < leastHeight {
		factor--
	}
	return factor
}

// shrink returns a picture on white, in which a pixel is the average of factor by factor pixels; of fewer at the
// right and at the lower edge. Only a strip of the picture exists in full.
func shrink(picture image.Image, factor int) *image.RGBA {
	bounds := picture.Bounds()
	width, height := bounds.Dx(), bounds.Dy()
	shrunk := image.NewRGBA(image.Rect(0, 0, (width+factor-1)/factor, (height+factor-1)/factor))
	strip := image.NewRGBA(image.Rect(0, 0, width, factor))
	sums := make([]int, 3*shrunk.Rect.Dx())
	for y := range shrunk.Rect.Dy() {
		rows := min(factor, height-y*factor)
		strip.Rect.Max.Y = rows
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, picture, bounds.Min.Add(image.Pt(0, y*factor)), draw.Over)
		averages(shrunk.Pix[y*shrunk.Stride:(y+1)*shrunk.Stride], strip, sums, factor)
	}
	return shrunk
}

// averages writes a row of averages of a strip. The sums are a buffer.
func averages(row []byte, strip *image.RGBA, sums []int, factor int) {
	clear(sums)
	width, rows := strip.Rect.Dx(), strip.Rect.Dy()
	for y := range rows {
		pixels := strip.Pix[y*strip.Stride : y*strip.Stride+4*width]
		for x, left := 0, 0; left < width; x, left = x+3, left+factor {
			sum := sums[x : x+3 : x+3]
			for block := pixels[4*left : 4*min(left+factor, width)]; len(block) >= 4; block = block[4:] {
				sum[0] += int(block[0])
				sum[1] += int(block[1])
				sum[2] += int(block[2])
			}
		}
	}
	for x := range len(sums) / 3 {
		count := rows * min(factor, width-x*factor)
		for i := range 3 {
			row[4*x+i] = byte((sums[3*x+i] + count/2) / count) //nolint:gosec // It is an average of bytes.
		}
		row[4*x+3] = 0xff
	}
}

// average returns the average colour of a picture, as CSS writes it.
func average(picture *image.RGBA) string {
	shrunk := shrink(picture, max(picture.Rect.Dx(), picture.Rect.Dy()))
	c := shrunk.RGBAAt(0, 0)
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

// orientation is how a picture has to be turned, by the numbers of EXIF. 0 and 1 mean not at all.
type orientation int

// turns reports whether a picture is not the right way up.
func (o orientation) turns() bool { return o > 1 }

// swaps reports whether width and height change places.
func (o orientation) swaps() bool { return o >= 5 }

// size returns the size after turning, or the size before if it is given that after.
func (o orientation) size(width, height int) (turnedWidth, turnedHeight int) {
	if o.swaps() {
		return height, width
	}
	return width, height
}

// large returns the size of the large photo of a picture, before turning.
func (o orientation) large(width, height int) (largeWidth, largeHeight int) {
	width, height = o.size(width, height)
	return o.size(fit(width, height, Large))
}

// turn returns a picture the right way up.
func (o orientation) turn(picture *image.RGBA) *image.RGBA {
	if !o.turns() {
		return picture
	}
	width, height := picture.Rect.Dx(), picture.Rect.Dy()
	turnedWidth, turnedHeight := o.size(width, height)
	turned := image.NewRGBA(image.Rect(0, 0, turnedWidth, turnedHeight))
	for y := range height {
		for x := range width {
			turnedX, turnedY := o.place(x, y, width, height)
			copy(turned.Pix[turned.PixOffset(turnedX, turnedY):][:4], picture.Pix[picture.PixOffset(x, y):][:4])
		}
	}
	return turned
}

// place returns where the pixel at x and y of a picture is after turning.
func (o orientation) place(x, y, width, height int) (turnedX, turnedY int) {
	switch o {
	case 2:
		return width - 1 - x, y
	case 3:
		return width - 1 - x, height - 1 - y
	case 4:
		return x, height - 1 - y
	case 5:
		return y, x
	case 6:
		return height - 1 - y, x
	case 7:
		return height - 1 - y, width - 1 - x
	case 8:
		return y, width - 1 - x
	default:
		return x, y
	}
}
