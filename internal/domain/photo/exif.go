package photo

import "encoding/binary"

// orientationOf returns the orientation that EXIF in the format of TIFF has, or 0 if it has none.
func orientationOf(exif []byte) orientation {
	const (
		orientationTag = 0x0112
		entrySize      = 12
	)
	order, offset, ok := tiffHeader(exif)
	if !ok {
		return 0
	}
	count := int(order.Uint16(exif[offset:]))
	for entry := exif[offset+2:]; count > 0 && len(entry) >= entrySize; entry, count = entry[entrySize:], count-1 {
		if order.Uint16(entry) != orientationTag {
			continue
		}
		if value := order.Uint16(entry[8:]); value >= 1 && value <= 8 {
			return orientation(value)
		}
		return 0
	}
	return 0
}

// tiffHeader returns the order of the bytes, and where the first directory begins, of which the count of entries
// is present.
func tiffHeader(exif []byte) (order binary.ByteOrder, offset int64, ok bool) {
	if len(exif) < 8 {
		return nil, 0, false
	}
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return nil, 0, false
	}
	offset = int64(order.Uint32(exif[4:]))
	return order, offset, offset+2 <= int64(len(exif))
}
