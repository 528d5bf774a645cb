package photo_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// planted is in all metadata of the uploads, and must not be in what is made of them.
const planted = "PLANTED-52.5200N-13.4050E"

// quadrants are the colours of the test picture: above on the left and on the right, then below.
func quadrants() [4]color.NRGBA {
	return [4]color.NRGBA{{200, 40, 30, 255}, {30, 160, 60, 255}, {30, 60, 200, 255}, {230, 200, 30, 255}}
}

// picture returns the test picture.
func picture(width, height int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.SetNRGBA(x, y, quadrants()[2*(2*y/height)+2*x/width])
		}
	}
	return p
}

func encodeJPEG(tb testing.TB, p image.Image) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, p, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

func encodePNG(tb testing.TB, p image.Image) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, p); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// encodeGIF returns a GIF of so many pictures.
func encodeGIF(tb testing.TB, p image.Image, frames int) []byte {
	tb.Helper()
	animation := &gif.GIF{}
	for range frames {
		paletted := image.NewPaletted(p.Bounds(), color.Palette{quadrants()[0], quadrants()[1], quadrants()[2], quadrants()[3]})
		for y := range p.Bounds().Dy() {
			for x := range p.Bounds().Dx() {
				paletted.Set(x, y, p.At(x, y))
			}
		}
		animation.Image, animation.Delay = append(animation.Image, paletted), append(animation.Delay, 10)
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, animation); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// exif returns EXIF with an orientation, the planted text as description, and a directory for GPS.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	data := []byte("II*\x00")
	if order == binary.BigEndian {
		data = []byte("MM\x00*")
	}
	data = order.AppendUint32(data, 8)
	data = order.AppendUint16(data, 3)
	entry := func(tag, kind uint16, count, value uint32) {
		data = order.AppendUint16(data, tag)
		data = order.AppendUint16(data, kind)
		data = order.AppendUint32(data, count)
		data = order.AppendUint32(data, value)
	}
	entry(0x010e, 2, uint32(len(planted)), 100)
	if order == binary.BigEndian {
		entry(0x0112, 3, 1, uint32(orientation)<<16)
	} else {
		entry(0x0112, 3, 1, uint32(orientation))
	}
	entry(0x8825, 4, 1, 50) // GPS
	data = append(data, make([]byte, 100-len(data))...)
	return append(data, planted...)
}

// withSegments returns a JPEG with more segments at its begin.
func withSegments(file []byte, segments ...[]byte) []byte {
	return slices.Concat(file[:2], slices.Concat(segments...), file[2:])
}

func segment(marker byte, data string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
}

// allSegments returns metadata of all kinds that cameras and programs write.
func allSegments(orientation uint16) []byte {
	return slices.Concat(
		segment(0xe1, "Exif\x00\x00"+string(exif(binary.LittleEndian, orientation))),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><exif:GPSLatitude>"+planted),
		segment(0xe2, "ICC_PROFILE\x00\x01\x01"+planted),
		segment(0xed, "Photoshop 3.0\x00"+planted),
		segment(0xef, planted), segment(0xfe, planted),
	)
}

// withChunks returns a PNG with more chunks after its header.
func withChunks(file []byte, chunks ...[]byte) []byte {
	const header = 8 + 12 + 13
	return slices.Concat(file[:header], slices.Concat(chunks...), file[header:])
}

func chunk(name string, data []byte) []byte {
	result := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), name...)
	result = append(result, data...)
	return binary.BigEndian.AppendUint32(result, crc32.ChecksumIEEE(result[4:]))
}

// pngHeader returns a PNG of nothing but a header.
func pngHeader(width, height uint32, depth, colorType byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(header, depth, colorType, 0, 0, 0))...)
}

func deflated(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var result bytes.Buffer
	w := zlib.NewWriter(&result)
	if _, err := w.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return result.Bytes()
}

// webpChunk returns a chunk of a WebP, and webp a file of chunks.
func webpChunk(name string, data []byte) []byte {
	result := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data))), data...)
	return append(result, make([]byte, len(data)%2)...)
}

func webp(chunks ...[]byte) []byte {
	return webpChunk("RIFF", append([]byte("WEBP"), slices.Concat(chunks...)...))
}

// scanWriter writes the compressed data of a scan.
type scanWriter struct {
	data  []byte
	bits  uint32
	count int
}

func (w *scanWriter) write(value uint32, count int) {
	w.bits, w.count = w.bits<<count|value&(1<<count-1), w.count+count
	for ; w.count >= 8; w.count -= 8 {
		b := byte(w.bits >> (w.count - 8))
		if w.data = append(w.data, b); b == 0xff {
			w.data = append(w.data, 0)
		}
	}
}

// progressive returns a progressive JPEG in 4:2:0, in which each block has one colour, with so many scans that add
// nothing after the first one. The standard library cannot write one.
func progressive(width, height, scans int) []byte {
	file := []byte{0xff, 0xd8}
	file = append(file, segment(0xdb, "\x00"+string(bytes.Repeat([]byte{1}, 64)))...)
	frame := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, uint16(height)), uint16(width))
	file = append(file, segment(0xc2, string(frame)+"\x03\x01\x22\x00\x02\x11\x00\x03\x11\x00")...)
	// Codes of four bits each: the lengths of differences, and runs of blocks without coefficients.
	lengths := "\x00\x00\x00\x0c" + string(make([]byte, 12))
	file = append(file, segment(0xc4, "\x00"+lengths+"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")...)
	lengths = "\x00\x00\x00\x0f" + string(make([]byte, 12))
	file = append(file, segment(0xc4, "\x10"+lengths+"\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0")...)
	file = append(file, segment(0xda, "\x03\x01\x00\x02\x00\x03\x00\x00\x00\x00")...)
	across, down := (width+15)/16, (height+15)/16
	file = append(file, colours(across, down)...)
	for i := 1; i < scans; i++ {
		file = append(file, segment(0xda, "\x01\x01\x00\x01\x3f\x00")...)
		file = append(file, emptyScan(((width+7)/8)*((height+7)/8))...)
	}
	return append(file, 0xff, 0xd9)
}

// colours returns the scan with the colours of so many units of 16 by 16 pixels.
func colours(across, down int) []byte {
	w, last := scanWriter{}, [3]int{}
	difference := func(component, value int) {
		change := value - last[component]
		last[component] = value
		length := bits.Len(uint(max(change, -change)))
		w.write(uint32(length), 4)
		if change < 0 {
			change += 1<<length - 1
		}
		w.write(uint32(change), length)
	}
	for y := range down {
		for x := range across {
			c := quadrants()[2*(2*y/down)+2*x/across]
			luma, blue, red := color.RGBToYCbCr(c.R, c.G, c.B)
			for range 4 {
				difference(0, 8*(int(luma)-128))
			}
			difference(1, 8*(int(blue)-128))
			difference(2, 8*(int(red)-128))
		}
	}
	w.write(0x7f, 7)
	return w.data
}

// emptyScan returns a scan without coefficients for so many blocks.
func emptyScan(blocks int) []byte {
	w := scanWriter{}
	for blocks > 0 {
		length := min(14, bits.Len(uint(blocks))-1)
		run := min(blocks, 1<<(length+1)-1)
		w.write(uint32(length), 4)
		w.write(uint32(run-1<<length), length)
		blocks -= run
	}
	w.write(0x7f, 7)
	return w.data
}
