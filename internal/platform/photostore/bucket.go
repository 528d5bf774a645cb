package photostore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

const (
	// maxConnections is how many connections a server has to the bucket. Further calls wait, at most callTimeout.
	maxConnections = 16
	// attempts is how often a call is tried.
	attempts = 2
)

// errAddress says that an address is not one of a bucket. It does not repeat the address.
var errAddress = errors.New("the address of the photos is not s3://key:secret@host/bucket?region=name")

// bucket keeps files in a bucket of S3, or of what speaks its protocol.
type bucket struct {
	client  minio.Core
	name    string
	timeout time.Duration
}

func openBucket(address string) (*bucket, error) {
	host, name, options, err := parseBucket(address)
	if err != nil {
		return nil, err
	}
	client, err := minio.New(host, options)
	if err != nil {
		return nil, fmt.Errorf("prepare the client of the bucket of photos: %w", err)
	}
	return &bucket{client: minio.Core{Client: client}, name: name, timeout: callTimeout}, nil
}

// parseBucket returns what an address says.
func parseBucket(address string) (host, name string, options *minio.Options, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User == nil {
		return "", "", nil, errAddress
	}
	secret, hasSecret := u.User.Password()
	name = strings.Trim(u.Path, "/")
	if !hasSecret || u.User.Username() == "" || name == "" || strings.Contains(name, "/") {
		return "", "", nil, errAddress
	}
	parameters := u.Query()
	for parameter := range parameters {
		if parameter != "region" && parameter != "insecure" {
			return "", "", nil, errors.New("the address of the photos has a parameter that is neither region nor insecure")
		}
	}
	transport := outbound.NewTransport()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost = maxConnections, maxConnections
	return u.Host, name, &minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: parameters.Get("insecure") != "true",
		Region: parameters.Get("region"), Transport: transport, MaxRetries: attempts,
	}, nil
}

// Put stores an object.
func (b *bucket) Put(ctx context.Context, name string, data []byte) error {
	if err := checkName(name); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	_, err := b.client.Client.PutObject(ctx, b.name, name, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
		ContentType: "image/jpeg", DisableMultipart: true,
	})
	if err != nil {
		return fmt.Errorf("put a photo into the bucket: %w", err)
	}
	return nil
}

// Open reads the whole object: a slow client must not keep a connection to the bucket.
func (b *bucket) Open(ctx context.Context, name string) (File, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	object, info, _, err := b.client.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("get a photo from the bucket: %w", err)
	}
	defer object.Close()
	if info.Size < 0 || info.Size > maxFile { // It is negative if the bucket does not say it.
		return nil, errTooLarge
	}
	data := make([]byte, info.Size)
	if _, err := io.ReadFull(object, data); err != nil {
		return nil, fmt.Errorf("read a photo of the bucket: %w", err)
	}
	return &bucketFile{Reader: bytes.NewReader(data), modified: info.LastModified}, nil
}

// Delete deletes an object.
func (b *bucket) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	err := b.client.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return fmt.Errorf("delete a photo of the bucket: %w", err)
	}
	return nil
}

// List asks for a page of objects at a time, each within the time for a call.
func (b *bucket) List(ctx context.Context, each func(name string, modified time.Time) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(b.timeout, func() { cancel(context.DeadlineExceeded) })
	defer late.Stop()
	for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Recursive: true}) {
		late.Stop()
		if object.Err != nil {
			return fmt.Errorf("list the bucket of photos: %w", errors.Join(object.Err, context.Cause(ctx)))
		}
		if err := each(object.Key, object.LastModified); err != nil {
			return err
		}
		late.Reset(b.timeout)
	}
	return context.Cause(ctx)
}

// bucketFile is an object in memory.
type bucketFile struct {
	*bytes.Reader
	modified time.Time
}

// Modified is when the file was put.
func (f *bucketFile) Modified() time.Time { return f.modified }

// Close does nothing.
func (f *bucketFile) Close() error { return nil }
