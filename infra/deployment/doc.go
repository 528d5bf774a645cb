// Package deployment tests Dockerfile, docker-compose.yaml and infra/kubernetes. They are
// read by the libraries that Docker Compose and kubectl use; neither has to be installed.
package deployment
