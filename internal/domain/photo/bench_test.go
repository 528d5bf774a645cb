package photo_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/photo"
)

// BenchmarkPhoto_Make measures photos of 12 megapixels, as phones take them, with the settings of a server for
// garbage: make bench-photos. It needs Linux, which says how much memory the process had at most.
func BenchmarkPhoto_Make(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(300))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(128 << 20))
	plain, scanned := encodeJPEG(b, noise(4000, 3000)), progressive(4000, 3000, 10)
	for _, test := range []struct {
		name   string
		upload []byte
		atOnce int
	}{{"JPEG", plain, 1}, {"progressive", scanned, 1}, {"16-JPEGs", plain, 16}, {"16-progressive", scanned, 16}} {
		b.Run(test.name, func(b *testing.B) {
			maker := photo.NewMaker(photo.MaxMemory)
			var cpu time.Duration
			peak := 0
			for b.Loop() {
				before, began := resetPeak(b), cpuTime(b)
				var makers sync.WaitGroup
				for range test.atOnce {
					makers.Go(func() {
						if _, err := maker.Make(b.Context(), test.upload); err != nil {
							b.Error(err)
						}
					})
				}
				makers.Wait()
				cpu += cpuTime(b) - began
				peak = max(peak, memory(b, "VmHWM")-before)
			}
			b.ReportMetric(cpu.Seconds()/float64(b.N*test.atOnce), "CPU-s/photo")
			b.ReportMetric(float64(peak)/1000, "peak-MB")
		})
	}
}

// noise returns a picture with as many details as a photo has.
func noise(width, height int) image.Image {
	random := rand.New(rand.NewPCG(1, 2))
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			grain := random.IntN(24)
			p.SetRGBA(x, y, color.RGBA{uint8(x*200/width + grain), uint8(y*200/height + grain), uint8((x+y)%200 + grain), 255})
		}
	}
	return p
}

// resetPeak forgets the peak of the memory of the process, and returns how many kilobytes it has.
func resetPeak(b *testing.B) int {
	b.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Skipf("the peak of the memory is not known: %v", err)
	}
	return memory(b, "VmRSS")
}

// memory returns a number of kilobytes from the status of the process.
func memory(b *testing.B, name string) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		b.Fatalf("the status has no %s", name)
	}
	kilobytes, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes
}

// cpuTime returns the time that the process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
