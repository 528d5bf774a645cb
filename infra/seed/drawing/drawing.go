// Package drawing draws the cats of the example data, so that these need no photos of others.
package drawing

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"slices"

	"golang.org/x/image/vector"
)

const (
	// The size of a drawing, and that of the units in which it is drawn.
	width, height = 640, 480
	unit          = width / 960.0
	quality       = 85
)

// Cat returns a JPEG of a cat. The same number gives the same cat, and another photo shows it before another wall.
func Cat(number, photo int) ([]byte, error) {
	cat := rand.New(rand.NewPCG(uint64(number), 1))                  //nolint:gosec // It draws cats.
	scene := rand.New(rand.NewPCG(uint64(number), uint64(photo)+10)) //nolint:gosec // It draws cats.
	c := newCanvas()
	c.room(scene)
	c.x, c.y, c.scale = 380+scene.Float64()*200, 250+scene.Float64()*60, 0.8+scene.Float64()*0.25
	c.cat(coats()[cat.IntN(len(coats()))], eyes()[cat.IntN(len(eyes()))], cat.IntN(3), scene)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, c.picture, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode a drawing: %w", err)
	}
	return file.Bytes(), nil
}

// coat is the fur of a cat: its colour, that of stripes or patches, and that of muzzle and paws.
type coat struct{ fur, marks, light color.RGBA }

func rgb(value uint32) color.RGBA {
	return color.RGBA{uint8(value >> 16), uint8(value >> 8 & 0xff), uint8(value & 0xff), 255} //nolint:gosec // They are bytes.
}

func coats() []coat {
	return []coat{
		{rgb(0xd98a43), rgb(0xb5652a), rgb(0xf6e3cc)}, {rgb(0x8c8f94), rgb(0x66696f), rgb(0xdfe1e4)}, {rgb(0x3a3636), rgb(0x2a2727), rgb(0xf1eeea)},
		{rgb(0xefe6d8), rgb(0xd3b894), rgb(0xffffff)}, {rgb(0x8a6a4c), rgb(0x5e4630), rgb(0xe6d6c0)}, {rgb(0xe9dcc6), rgb(0x6b5140), rgb(0xf7f0e4)},
	}
}

func eyes() []color.RGBA {
	return []color.RGBA{rgb(0x8fae3e), rgb(0xd9a92f), rgb(0x5fa3c7), rgb(0x5f9a6b)}
}

// canvas is a picture, with the place and the scale of what is drawn next.
type canvas struct {
	picture     *image.RGBA
	x, y, scale float64
}

func newCanvas() *canvas {
	return &canvas{picture: image.NewRGBA(image.Rect(0, 0, width, height)), scale: 1}
}

// room draws a wall, a floor and a sun on the wall.
func (c *canvas) room(r *rand.Rand) {
	walls := []color.RGBA{rgb(0xcfdcd6), rgb(0xe6d5c3), rgb(0xc9d3e3), rgb(0xe3d0d3), rgb(0xd8d6b8)}
	floors := []color.RGBA{rgb(0xa67c52), rgb(0x8d6e63), rgb(0xb59a7a), rgb(0x7c8a80)}
	draw.Draw(c.picture, c.picture.Rect, image.NewUniform(walls[r.IntN(len(walls))]), image.Point{}, draw.Src)
	c.polygon(floors[r.IntN(len(floors))], 0, 540, 960, 540, 960, 720, 0, 720)
	c.ellipse(color.RGBA{40, 38, 30, 40}, 120+r.Float64()*700, 160, 110, 110)
}

// cat draws a cat that sits, from the tail to the whiskers.
func (c *canvas) cat(coat coat, eye color.RGBA, pattern int, r *rand.Rand) {
	side := float64(1 - 2*r.IntN(2))
	for i := range 40 { // the tail
		part := float64(i) / 39
		c.ellipse(coat.fur, side*(110+70*math.Sin(part*math.Pi)), 290-part*180, 26, 26)
	}
	c.ellipse(coat.fur, 0, 230, 130, 160)
	c.ellipse(coat.light, 0, 250, 62, 110)
	for _, x := range []float64{-52, 52} {
		c.ellipse(coat.light, x, 370, 44, 26)
	}
	for _, mirror := range []float64{-1, 1} { // the ears
		c.polygon(coat.fur, mirror*125, -20, mirror*112, -165, mirror*20, -95)
		c.polygon(rgb(0xe3a6a0), mirror*108, -50, mirror*102, -130, mirror*50, -92)
	}
	c.ellipse(coat.fur, 0, 0, 135, 115)
	c.pattern(coat, pattern)
	c.face(coat, eye, r.Float64()*8-4)
}

// pattern draws stripes, a patch or nothing.
func (c *canvas) pattern(coat coat, pattern int) {
	switch pattern {
	case 0:
		for _, x := range []float64{-34, 0, 34} {
			c.ellipse(coat.marks, x, -78, 8, 30)
		}
		for _, mirror := range []float64{-1, 1} {
			c.ellipse(coat.marks, mirror*112, 8, 20, 6)
			c.ellipse(coat.marks, mirror*108, 30, 20, 6)
			c.ellipse(coat.marks, mirror*104, 190, 22, 9)
			c.ellipse(coat.marks, mirror*108, 230, 20, 9)
		}
	case 1:
		c.ellipse(coat.marks, -58, -28, 58, 50)
		c.ellipse(coat.marks, 70, 200, 44, 56)
	}
}

// face draws eyes that look to a side, muzzle and whiskers.
func (c *canvas) face(coat coat, eye color.RGBA, look float64) {
	c.ellipse(coat.light, 0, 52, 58, 40)
	for _, x := range []float64{-52, 52} {
		c.ellipse(eye, x, -4, 27, 29)
		c.ellipse(rgb(0x1d1a1a), x+look, -4, 10, 24)
		c.ellipse(rgb(0xffffff), x+look+6, -14, 6, 6)
	}
	c.polygon(rgb(0xd07f7a), -14, 32, 14, 32, 0, 48)
	c.ellipse(rgb(0x5a4040), 0, 60, 3, 12)
	for _, mirror := range []float64{-1, 1} {
		for i, slope := range []float64{-14, 2, 18} {
			y := 50 + 8*float64(i)
			c.polygon(rgb(0xfbf7f2), mirror*48, y, mirror*170, y+slope, mirror*48, y+4)
		}
	}
}

// ellipse fills an ellipse around a place.
func (c *canvas) ellipse(fill color.RGBA, x, y, radiusX, radiusY float64) {
	const corners = 60
	points := make([]float64, 0, 2*corners)
	for i := range corners {
		angle := 2 * math.Pi * float64(i) / corners
		points = append(points, x+radiusX*math.Cos(angle), y+radiusY*math.Sin(angle))
	}
	c.polygon(fill, points...)
}

// polygon fills a polygon, whose corners are pairs of x and y.
func (c *canvas) polygon(fill color.RGBA, points ...float64) {
	area := image.Rectangle{Min: image.Pt(width, height)}
	corners := make([][2]float64, 0, len(points)/2)
	for point := range slices.Chunk(points, 2) {
		x, y := unit*(c.x+c.scale*point[0]), unit*(c.y+c.scale*point[1])
		corners = append(corners, [2]float64{x, y})
		area.Min = image.Pt(min(area.Min.X, int(x)), min(area.Min.Y, int(y)))
		area.Max = image.Pt(max(area.Max.X, int(x)+1), max(area.Max.Y, int(y)+1))
	}
	area = area.Intersect(c.picture.Rect)
	shape := vector.NewRasterizer(area.Dx(), area.Dy())
	for i, corner := range corners {
		x, y := float32(corner[0])-float32(area.Min.X), float32(corner[1])-float32(area.Min.Y)
		if i == 0 {
			shape.MoveTo(x, y)
		} else {
			shape.LineTo(x, y)
		}
	}
	shape.ClosePath()
	shape.Draw(c.picture, area, image.NewUniform(fill), image.Point{})
}
