package photo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/domain/photo"
)

func make1(t *testing.T, upload []byte) (*photo.Photo, error) {
	t.Helper()
	return photo.NewMaker(photo.MaxMemory).Make(t.Context(), upload)
}

// checkQuadrants checks that a file has the test picture the right way up.
func checkQuadrants(t *testing.T, about string, file []byte, width, height int, want [4]color.NRGBA) {
	t.Helper()
	p, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Errorf("%s: no JPEG: %v", about, err)
		return
	}
	if got := p.Bounds().Size(); got != image.Pt(width, height) {
		t.Errorf("%s: %d by %d pixels, want %d by %d", about, got.X, got.Y, width, height)
	}
	for i, c := range want {
		x, y := width/4+i%2*(width/2), height/4+i/2*(height/2)
		r, g, b, _ := p.At(x, y).RGBA()
		const near = 12
		for name, value := range map[string][2]int{"red": {int(r >> 8), int(c.R)}, "green": {int(g >> 8), int(c.G)}, "blue": {int(b >> 8), int(c.B)}} {
			if difference := value[0] - value[1]; difference > near || difference < -near {
				t.Errorf("%s: the %s of quadrant %d is %d, want %d", about, name, i, value[0], value[1])
			}
		}
	}
}

// checkClean checks that a file has nothing but a picture.
func checkClean(t *testing.T, about string, file []byte) {
	t.Helper()
	for _, text := range []string{planted, "PLANTED", "Exif", "exif", "http", "GPS", "ICC", "Photoshop", "xmp", "PK\x03\x04"} {
		if bytes.Contains(file, []byte(text)) {
			t.Errorf("%s contains %q", about, text)
		}
	}
	for i := 2; i < len(file)-2; {
		marker := file[i+1]
		if file[i] != 0xff || !slices.Contains([]byte{0xc0, 0xc4, 0xdb, 0xda}, marker) {
			t.Errorf("%s has a segment %x", about, file[i:i+2])
			return
		}
		i += 2 + int(binary.BigEndian.Uint16(file[i+2:]))
		for marker == 0xda && i < len(file)-2 && (file[i] != 0xff || file[i+1] == 0) {
			i++
		}
	}
	if !bytes.HasSuffix(file, []byte{0xff, 0xd9}) {
		t.Errorf("%s goes on after its end", about)
	}
}

func TestPhoto_Accepted(t *testing.T) {
	t.Parallel()
	p := picture(64, 48)
	plain := encodeJPEG(t, p)
	png := encodePNG(t, p)
	gray := image.NewGray(p.Rect)
	deep := image.NewNRGBA64(p.Rect)
	cmyk := image.NewCMYK(p.Rect)
	for y := range 48 {
		for x := range 64 {
			gray.Set(x, y, p.At(x, y))
			deep.Set(x, y, p.At(x, y))
			cmyk.Set(x, y, p.At(x, y))
		}
	}
	grays := quadrants()
	for i, c := range grays {
		y := color.GrayModel.Convert(c).(color.Gray).Y
		grays[i] = color.NRGBA{y, y, y, 255}
	}
	corner := quadrants()
	corner[0] = color.NRGBA{255, 255, 255, 255}
	transparent := picture(64, 48)
	for y := range 24 {
		for x := range 32 {
			transparent.SetNRGBA(x, y, color.NRGBA{1, 2, 3, 0})
		}
	}
	xmp := webpChunk("XMP ", []byte("http://ns.adobe.com GPS "+planted))
	still := slices.Concat(testdata(t, "lossy.webp")[12:], xmp, webpChunk("EXIF", exif(binary.LittleEndian, 1)))
	for name, test := range map[string]struct {
		upload []byte
		want   [4]color.NRGBA
	}{
		"JPEG":                   {plain, quadrants()},
		"JPEG with all metadata": {withSegments(plain, allSegments(1)), quadrants()},
		"JPEG before a zip":      {slices.Concat(plain, []byte("PK\x03\x04"+planted)), quadrants()},
		"JPEG before a video with a thousand scans": {slices.Concat(plain, bytes.Repeat([]byte{0xff, 0xda, 0, 2}, 1000)), quadrants()},
		"JPEG that begins again in metadata":        {withSegments(plain, segment(0xe2, string(progressive(64, 48, 100)))), quadrants()},
		"JPEG with broken EXIF":                     {withSegments(plain, segment(0xe1, "Exif\x00\x00II*\x00\xff\xff\xff\xff")), quadrants()},
		"gray JPEG":                                 {encodeJPEG(t, gray), grays},
		"CMYK JPEG":                                 {encodeCMYK(t, cmyk), quadrants()},
		"progressive JPEG":                          {withSegments(progressive(64, 48, 10), allSegments(1)), quadrants()},
		"PNG":                                       {png, quadrants()},
		"PNG with all metadata": {withChunks(png, chunk("tEXt", []byte("GPS\x00"+planted)), chunk("iCCP", append([]byte("ICC\x00\x00"), deflated(t, []byte(planted))...)),
			chunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00http://"+planted)), chunk("eXIf", exif(binary.BigEndian, 1))), quadrants()},
		"PNG with a bomb in a text": {withChunks(png, chunk("zTXt", append([]byte("bomb\x00\x00"), deflated(t, make([]byte, 64<<20))...))), quadrants()},
		"PNG with 16 bits":          {encodePNG(t, deep), quadrants()},
		"gray PNG":                  {encodePNG(t, gray), grays},
		"transparent PNG":           {encodePNG(t, transparent), corner},
		"GIF":                       {encodeGIF(t, p, 1), quadrants()},
		"animated GIF":              {encodeGIF(t, p, 50), quadrants()},
		"WebP":                      {testdata(t, "lossy.webp"), quadrants()},
		"WebP with all metadata":    {webp(still), quadrants()},
		"lossless WebP":             {testdata(t, "lossless.webp"), quadrants()},
		"transparent WebP":          {testdata(t, "alpha.webp"), corner},
	} {
		made, err := make1(t, test.upload)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if made.Width != 64 || made.Height != 48 || len(made.Files) != len(photo.Sizes()) {
			t.Errorf("%s: %d files of %d by %d pixels, want 3 of 64 by 48", name, len(made.Files), made.Width, made.Height)
		}
		for size, file := range made.Files {
			about := name + ", " + string(size)
			checkQuadrants(t, about, file, 64, 48, withTestdata(name, test.want))
			checkClean(t, about, file)
		}
	}
}

// withTestdata returns the colours of the files in testdata, which a browser has written.
func withTestdata(name string, want [4]color.NRGBA) [4]color.NRGBA {
	if !strings.Contains(name, "WebP") {
		return want
	}
	files := [4]color.NRGBA{{0xc0, 0x30, 0x20, 255}, {0x20, 0xa0, 0x40, 255}, {0x20, 0x40, 0xc0, 255}, {0xe0, 0xc0, 0x20, 255}}
	if want[0].R == 255 {
		files[0] = want[0]
	}
	return files
}

// orientations says where the first row and the first column of a picture are shown, as the specification of EXIF does.
func orientations() map[uint16][2]string {
	return map[uint16][2]string{
		1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	}
}

// stored returns the picture that a camera stores whose first row and column are at these sides of what is shown.
func stored(shown image.Image, sides [2]string) image.Image {
	width, height := shown.Bounds().Dx(), shown.Bounds().Dy()
	from := func(side string, x, y int) int {
		return map[string]int{"top": y, "bottom": height - 1 - y, "left": x, "right": width - 1 - x}[side]
	}
	result := image.NewNRGBA(image.Rect(0, 0, width, height))
	if sides[0] == "left" || sides[0] == "right" {
		result = image.NewNRGBA(image.Rect(0, 0, height, width))
	}
	for y := range height {
		for x := range width {
			result.Set(from(sides[1], x, y), from(sides[0], x, y), shown.At(x, y))
		}
	}
	return result
}

func TestPhoto_Orientation(t *testing.T) {
	t.Parallel()
	shown := picture(400, 300)
	for value, sides := range orientations() {
		upload := stored(shown, sides)
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for name, file := range map[string][]byte{
				"JPEG": withSegments(encodeJPEG(t, upload), segment(0xe1, "Exif\x00\x00"+string(exif(order, value)))),
				"PNG":  withChunks(encodePNG(t, upload), chunk("eXIf", exif(order, value))),
			} {
				about := fmt.Sprintf("%s with orientation %d, %v", name, value, order)
				made, err := make1(t, file)
				if err != nil {
					t.Errorf("%s: %v", about, err)
					continue
				}
				if made.Width != 400 || made.Height != 300 {
					t.Errorf("%s: %d by %d, want 400 by 300", about, made.Width, made.Height)
				}
				checkQuadrants(t, about, made.Files[photo.Large], 400, 300, quadrants())
				checkQuadrants(t, about, made.Files[photo.Thumbnail], 320, 240, quadrants())
			}
		}
	}
}

func TestPhoto_Sizes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		width, height          int
		thumbnail, card, large image.Point
	}{
		{4000, 300, image.Pt(320, 24), image.Pt(960, 72), image.Pt(1920, 144)},
		{1000, 1500, image.Pt(320, 480), image.Pt(960, 1440), image.Pt(1000, 1500)},
		{1921, 500, image.Pt(320, 83), image.Pt(960, 250), image.Pt(1920, 500)},
		{320, 200, image.Pt(320, 200), image.Pt(320, 200), image.Pt(320, 200)},
		{1, 10000, image.Pt(1, 640), image.Pt(1, 1920), image.Pt(1, 3840)},
		{3, 10000, image.Pt(1, 640), image.Pt(1, 1920), image.Pt(1, 3840)},
		{192, 10000, image.Pt(12, 640), image.Pt(37, 1920), image.Pt(74, 3840)},
		{1920, 3841, image.Pt(320, 640), image.Pt(960, 1920), image.Pt(1920, 3840)},
		{3840, 541, image.Pt(320, 45), image.Pt(960, 136), image.Pt(1920, 271)},
		{10000, 1, image.Pt(320, 1), image.Pt(960, 1), image.Pt(1920, 1)},
		{10000, 500, image.Pt(320, 16), image.Pt(960, 48), image.Pt(1920, 96)},
		{1, 1, image.Pt(1, 1), image.Pt(1, 1), image.Pt(1, 1)},
	} {
		made, err := make1(t, encodeJPEG(t, image.NewGray(image.Rect(0, 0, test.width, test.height))))
		if err != nil {
			t.Errorf("%d by %d: %v", test.width, test.height, err)
			continue
		}
		for size, want := range map[photo.Size]image.Point{photo.Thumbnail: test.thumbnail, photo.Card: test.card, photo.Large: test.large} {
			config, err := jpeg.DecodeConfig(bytes.NewReader(made.Files[size]))
			if got := image.Pt(config.Width, config.Height); err != nil || got != want {
				t.Errorf("%d by %d: the %s is %v, want %v: %v", test.width, test.height, size, got, want, err)
			}
		}
		if got := image.Pt(made.Width, made.Height); got != test.large {
			t.Errorf("%d by %d becomes %v, want %v", test.width, test.height, got, test.large)
		}
	}
}

// TestPhoto_NoiseIsSmall makes a photo of noise, which no quality makes as small as a photo.
func TestPhoto_NoiseIsSmall(t *testing.T) {
	t.Parallel()
	p := image.NewGray(image.Rect(0, 0, 1920, 2400))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range p.Pix {
		p.Pix[i] = byte(random.Uint32())
	}
	made, err := make1(t, encodePNG(t, p))
	if err != nil {
		t.Fatal(err)
	}
	for size, file := range made.Files {
		if len(file) > 2<<20 {
			t.Errorf("the %s of noise has %d kB, want at most 2 MB", size, len(file)>>10)
		}
	}
}

func TestPhoto_Placeholder(t *testing.T) {
	t.Parallel()
	p := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		p.SetNRGBA(i%64, i/64, color.NRGBA{0xc0, 0x8a, 0x5a, 255})
	}
	made, err := make1(t, encodePNG(t, p))
	if err != nil || made.Placeholder != "#c08a5a" {
		t.Errorf("placeholder %v: %v, want #c08a5a", made, err)
	}
}

// encodeCMYK returns a JPEG as Adobe's programs write it: four components, inverted.
func encodeCMYK(t *testing.T, p *image.CMYK) []byte {
	t.Helper()
	// Each component is a gray JPEG of its own, whose only scan becomes a scan of the whole.
	file := append([]byte{0xff, 0xd8}, segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x00")...)
	frame := []byte("\x08" + string(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, uint16(p.Rect.Dy())), uint16(p.Rect.Dx()))) + "\x04")
	var scans []byte
	for component := range 4 {
		plane := image.NewGray(p.Rect)
		for i := range plane.Pix {
			plane.Pix[i] = 255 - p.Pix[4*i+component]
		}
		gray := encodeJPEG(t, plane)
		if component == 0 {
			tables := gray[2:bytes.Index(gray, []byte{0xff, 0xc0})]
			file = append(file, tables...)
			huffman := gray[bytes.Index(gray, []byte{0xff, 0xc4}):bytes.Index(gray, []byte{0xff, 0xda})]
			file = append(file, huffman...)
		}
		id := string(rune('1' + component))
		frame = append(frame, id+"\x11\x00"...)
		data := gray[bytes.Index(gray, []byte{0xff, 0xda})+10 : len(gray)-2]
		scans = slices.Concat(scans, segment(0xda, "\x01"+id+"\x00\x00\x3f\x00"), data)
	}
	return slices.Concat(file, segment(0xc0, string(frame)), scans, []byte{0xff, 0xd9})
}

func TestPhoto_Refused(t *testing.T) {
	t.Parallel()
	plain, png := encodeJPEG(t, picture(64, 48)), encodePNG(t, picture(64, 48))
	sized := func(file []byte, width, height uint16) []byte {
		at := bytes.Index(file, []byte{0xff, 0xc0}) + 5
		if at == 4 {
			at = bytes.Index(file, []byte{0xff, 0xc2}) + 5
		}
		size := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, height), width)
		return slices.Concat(file[:at], size, file[at+4:])
	}
	lossy := testdata(t, "lossy.webp")
	lossless := testdata(t, "lossless.webp")
	bitstream := lossless[bytes.Index(lossless, []byte("VP8L"))+8:]
	huge := slices.Concat(bitstream[:1], []byte{0xff, 0xcf, 0xe0, 0x02}, bitstream[5:]) // 4,096 by 2,948
	_, afterName, _ := bytes.Cut(lossy, []byte("VP8 "))
	video := slices.Concat([]byte("VP8 "), afterName)
	vp8x := []byte{2, 0, 0, 0, 63, 0, 0, 47, 0, 0}
	for name, test := range map[string]struct {
		upload []byte
		kind   photo.Kind
		reason string
	}{
		"nothing":                     {nil, photo.Unknown, "the file is empty"},
		"one byte":                    {[]byte{0xff}, photo.Unknown, "no JPEG, PNG, WebP or GIF"},
		"SVG":                         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), photo.Unknown, "no JPEG, PNG, WebP or GIF"},
		"HTML":                        {[]byte("<!DOCTYPE html><script>"), photo.Unknown, "no JPEG, PNG, WebP or GIF"},
		"zip before a JPEG":           {slices.Concat([]byte("PK\x03\x04"), plain), photo.Unknown, "no JPEG, PNG, WebP or GIF"},
		"TIFF":                        {exif(binary.LittleEndian, 1), photo.Unknown, "no JPEG, PNG, WebP or GIF"},
		"HEIC":                        {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), photo.Unknown, "phones convert photos"},
		"AVIF":                        {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), photo.Unknown, "send a JPEG"},
		"animated WebP":               {webp(webpChunk("VP8X", vp8x), webpChunk("ANIM", make([]byte, 6)), webpChunk("ANMF", append(make([]byte, 16), video...))), photo.Unknown, "animated"},
		"more than 10 MB":             {append(plain, make([]byte, photo.MaxBytes)...), photo.TooLarge, "more than 10 MB"},
		"zeroes after the begin":      {append([]byte("\xff\xd8\xff"), make([]byte, 100)...), photo.Broken, ""},
		"JPEG without a picture":      {[]byte("\xff\xd8\xff\xd9"), photo.Broken, ""},
		"truncated JPEG":              {plain[:len(plain)/2], photo.Broken, "the JPEG is not complete"},
		"truncated progressive":       {progressive(64, 48, 10)[:200], photo.Broken, ""},
		"truncated PNG":               {png[:len(png)/2], photo.Broken, "not enough pixel data"},
		"truncated GIF":               {encodeGIF(t, picture(64, 48), 1)[:100], photo.Broken, ""},
		"truncated WebP":              {lossy[:len(lossy)-20], photo.Broken, "the WebP is not complete"},
		"PNG with a wrong sum":        {append(slices.Clone(png[:40]), bytes.Repeat([]byte{1}, 100)...), photo.Broken, ""},
		"PNG with text first":         {slices.Concat(png[:8], chunk("tEXt", nil), png[8:]), photo.Broken, "does not begin with its header"},
		"PNG of 900 megapixels":       {pngHeader(30_000, 30_000, 8, 2), photo.TooLarge, "30000 by 30000"},
		"JPEG of 900 megapixels":      {sized(plain, 30_000, 30_000), photo.TooLarge, "30000 by 30000"},
		"26 megapixels":               {sized(plain, 5_200, 5_000), photo.TooLarge, "25 megapixels"},
		"a long side":                 {sized(plain, 10_001, 1), photo.TooLarge, "a side may have 10000"},
		"no width":                    {sized(plain, 0, 48), photo.Broken, "no pixels"},
		"no height":                   {sized(plain, 64, 0), photo.Broken, "no pixels"},
		"GIF without pixels":          {[]byte("GIF89a\x00\x00\x00\x00\x00\x00\x00"), photo.Broken, "no pixels"},
		"PNG of 24 deep megas":        {pngHeader(6_000, 4_000, 16, 6), photo.TooLarge, "MB of memory"},
		"progressive of 20 megas":     {sized(progressive(64, 48, 1), 5_000, 4_000), photo.TooLarge, "MB of memory"},
		"lossless WebP of 12":         {webp(webpChunk("VP8L", huge)), photo.TooLarge, "MB of memory"},
		"WebP that claims 100 MB":     {slices.Concat(lossy[:4], []byte{0, 0, 0, 6}, lossy[8:]), photo.Broken, "not complete"},
		"chunk that claims 16 MB":     {webp([]byte("VP8 \x00\x00\x00\x01"), video[8:]), photo.Broken, "not complete"},
		"1,000 scans":                 {progressive(640, 480, 1_000), photo.TooLarge, "1000 scans"},
		"33 scans":                    {progressive(640, 480, 33), photo.TooLarge, "33 scans: at most 32"},
		"21 scans of 12 megapixels":   {progressive(4_000, 3_000, 21), photo.TooLarge, "21 scans: at most 20"},
		"scans behind a second frame": {slices.Concat(progressive(640, 480, 1_000), plain[2:]), photo.TooLarge, "1000 scans"},
		"5 scans of a plain JPEG":     {repeatScan(plain, 5), photo.TooLarge, "5 scans: at most 4"},
		"scans after bytes that fill": {bytes.ReplaceAll(progressive(640, 480, 100), []byte{0xff, 0xda}, []byte{0, 0xff, 0xff, 0xff, 0xda}), photo.TooLarge, "100 scans"},
	} {
		made, err := make1(t, test.upload)
		refused := (*photo.Error)(nil)
		if !errors.As(err, &refused) || refused.Kind != test.kind || !strings.Contains(refused.Reason, test.reason) {
			t.Errorf("%s: %v, %v, want an error of kind %d with %q", name, made, err, test.kind, test.reason)
		}
	}
}

// repeatScan returns a JPEG with its scan so many times.
func repeatScan(file []byte, times int) []byte {
	at := bytes.Index(file, []byte{0xff, 0xda})
	return slices.Concat(file[:at], bytes.Repeat(file[at:len(file)-2], times), file[len(file)-2:])
}

func TestPhoto_AcceptedScans(t *testing.T) {
	t.Parallel()
	for _, scans := range []int{1, 10, 32} {
		if _, err := make1(t, progressive(640, 480, scans)); err != nil {
			t.Errorf("%d scans: %v", scans, err)
		}
	}
	if _, err := photo.MemoryOf(progressive(4_000, 3_000, 20)); err != nil {
		t.Errorf("20 scans of 12 megapixels: %v", err)
	}
}

func TestMaker_WaitsForMemory(t *testing.T) {
	t.Parallel()
	upload := encodeJPEG(t, picture(640, 480))
	maker := photo.NewMaker(photo.MaxMemory)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := maker.Make(ctx, upload); !errors.Is(err, context.Canceled) {
		t.Errorf("Make with a context that is done: %v", err)
	}
	refused := (*photo.Error)(nil)
	if _, err := photo.NewMaker(1000).Make(t.Context(), upload); !errors.As(err, &refused) || refused.Kind != photo.TooLarge {
		t.Errorf("Make with more than all memory: %v, want TooLarge", err)
	}
}
