# The image of the program. See docs/operations.md.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The same sources give the same bytes, wherever and whenever they are built.
ENV CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false -mod=readonly"
ARG VERSION=""
RUN go build -ldflags="-s -w -buildid= -X github.com/catfoster/catfoster/internal/app/command.version=$VERSION" -o /out/catfoster .
# The directories that become volumes: configurations that `catfoster config` writes, and photos.
RUN mkdir -p /out/config /out/photos

# Nothing but the program: no shell, no package manager, nothing that has to be writable.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/catfoster /catfoster
COPY --from=build --chown=65532:65532 /out/config /config
COPY --from=build --chown=65532:65532 /out/photos /photos
USER 65532:65532
ENV HOST=0.0.0.0 INTERNAL_HOST=0.0.0.0
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["/catfoster", "health"]
ENTRYPOINT ["/catfoster"]
