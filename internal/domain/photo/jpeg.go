package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
)

// Markers of a JPEG.
const (
	frameBaseline    = 0xc0
	frameProgressive = 0xc2
	restart0         = 0xd0
	restart7         = 0xd7
	endOfImage       = 0xd9
	startOfScan      = 0xda
	application1     = 0xe1
	application14    = 0xee
)

// Scans are passes over a picture. Each takes time, however few bytes it has.
const (
	// maxScans is that of a progressive JPEG. Programs write 10; a thousand take seven seconds.
	maxScans = 32
	// maxScanned is how many pixels all scans pass over: twenty scans of a photo of 12 megapixels.
	maxScanned = 10 * MaxPixels
	// maxSequentialScans is that of any other JPEG: one for each component.
	maxSequentialScans = 4
)

// segments is what the segments of a JPEG say.
type segments struct {
	frame      byte // the marker of the frame
	components int
	bytes      int64 // of the decoded components
	isRGB      bool  // if a segment says so, wherever it stands: the decoder obeys the last one, after all scans
	scans      int
	exif       []byte
}

// readJPEG reads the header of a JPEG. What follows its end is ignored, as the decoder does: phones append videos.
func readJPEG(upload []byte) (*header, error) {
	h := &header{format: "JPEG", decode: jpeg.Decode}
	if _, err := h.config(upload, jpeg.DecodeConfig); err != nil {
		return nil, err
	}
	s := readSegments(upload)
	h.decoded = s.bytes
	most := maxSequentialScans
	if s.frame == frameProgressive {
		h.format, most = "progressive JPEG", int(min(maxScans, maxScanned/max(1, area(h.width, h.height))))
		h.decoded += 4 * s.bytes // A coefficient of 32 bits for each value, until all scans are decoded.
	}
	if s.scans > most {
		return nil, &Error{TooLarge, fmt.Sprintf("the %s has %d scans: at most %d are allowed", h.format, s.scans, most)}
	}
	if s.components == 4 || s.components == 3 && s.isRGB { // They are copied into one picture.
		h.decoded += 4 * area(h.width, h.height)
	}
	h.orientation = orientationOf(s.exif)
	return h, nil
}

// readSegments walks over the segments as the decoder does, so that nobody hides a scan.
func readSegments(upload []byte) (s segments) {
	for i := 2; i+4 <= len(upload); {
		marker := upload[i+1]
		switch {
		case upload[i] != 0xff || marker == 0xff:
			i++ // compressed data, or a byte that fills
			continue
		case marker == 0 || marker >= restart0 && marker <= restart7:
			i += 2
			continue
		case marker == endOfImage:
			return s
		}
		length := int(binary.BigEndian.Uint16(upload[i+2:]))
		if length < 2 || i+2+length > len(upload) {
			return s
		}
		s.read(marker, upload[i+4:i+2+length])
		i += 2 + length
	}
	return s
}

// read reads one segment.
func (s *segments) read(marker byte, segment []byte) {
	switch {
	case marker >= frameBaseline && marker <= frameProgressive && s.frame == 0: // The decoder refuses a second one.
		s.readFrame(marker, segment)
	case marker == startOfScan:
		s.scans++
	case marker == application14:
		s.isRGB = s.isRGB || len(segment) >= 12 && string(segment[:5]) == "Adobe" && segment[11] == 0
	case marker == application1 && s.exif == nil:
		if exif, isEXIF := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); isEXIF {
			s.exif = exif
		}
	}
}

// readFrame reads the frame. The decoder takes the components R, G and B for colours.
func (s *segments) readFrame(marker byte, frame []byte) {
	s.frame, s.bytes = marker, bytesOfFrame(frame)
	if len(frame) < 6 {
		return
	}
	s.components = int(frame[5])
	s.isRGB = s.isRGB || len(frame) >= 15 && frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B'
}

// bytesOfFrame returns how many values the components of a frame have. The decoder pads them to whole blocks.
func bytesOfFrame(frame []byte) int64 {
	const start, component, block = 6, 3, 8
	if len(frame) < start+component {
		return 0
	}
	height, width := int64(binary.BigEndian.Uint16(frame[1:])), int64(binary.BigEndian.Uint16(frame[3:]))
	sampling := frame[start+1]
	across, down := int64(max(1, sampling>>4)), int64(max(1, sampling&0xf))
	if len(frame) < start+2*component {
		across, down = 1, 1 // The decoder ignores the sampling of a single component.
	}
	units := ((width + block*across - 1) / (block * across)) * ((height + block*down - 1) / (block * down))
	var blocks int64
	for components := frame[start:]; len(components) >= component; components = components[component:] {
		sampling := components[1]
		blocks += int64(sampling>>4) * int64(sampling&0xf)
	}
	if len(frame) < start+2*component {
		blocks = 1
	}
	return units * blocks * block * block
}
