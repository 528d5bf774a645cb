package deployment_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// objects are the objects of infra/kubernetes by kind and name.
type objects map[string]any

// buildKubernetes builds infra/kubernetes as kubectl does, and decodes each object into
// Kubernetes's own type. Fields that the type does not have are errors.
func buildKubernetes(t *testing.T) objects {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(root, "infra", "kubernetes"))
	if err != nil {
		t.Fatalf("build infra/kubernetes: %v", err)
	}
	found := objects{}
	for _, resource := range resources.Resources() {
		kind := resource.GetGvk().String()
		object := map[string]any{
			"Namespace.v1.[noGrp]": &corev1.Namespace{}, "ConfigMap.v1.[noGrp]": &corev1.ConfigMap{}, "Service.v1.[noGrp]": &corev1.Service{},
			"Deployment.v1.apps": &appsv1.Deployment{}, "Job.v1.batch": &batchv1.Job{}, "CronJob.v1.batch": &batchv1.CronJob{}, "PodDisruptionBudget.v1.policy": &policyv1.PodDisruptionBudget{},
			"HorizontalPodAutoscaler.v2.autoscaling": &autoscalingv2.HorizontalPodAutoscaler{}, "NetworkPolicy.v1.networking.k8s.io": &networkingv1.NetworkPolicy{},
		}[kind]
		if object == nil {
			t.Fatalf("there is no type for %s", kind)
		}
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(text, object); err != nil {
			t.Errorf("%s %s: %v", kind, resource.GetName(), err)
		}
		found[resource.GetKind()+"/"+resource.GetName()] = object
	}
	return found
}

// get returns an object that must exist.
func get[T any](t *testing.T, found objects, name string) T {
	t.Helper()
	object, ok := found[name].(T)
	if !ok {
		t.Fatalf("infra/kubernetes has no %s; it has %q", name, slices.Sorted(maps.Keys(found)))
	}
	return object
}

// selects reports whether all labels of a selector are those of an object.
func selects(selector, labels map[string]string) bool {
	for name, value := range selector {
		if labels[name] != value {
			return false
		}
	}
	return len(selector) > 0
}

func TestKubernetes_Replicas(t *testing.T) {
	t.Parallel()
	found := buildKubernetes(t)
	deployment := get[*appsv1.Deployment](t, found, "Deployment/catfoster")
	labels := deployment.Spec.Template.Labels
	scaler := get[*autoscalingv2.HorizontalPodAutoscaler](t, found, "HorizontalPodAutoscaler/catfoster")
	if *scaler.Spec.MinReplicas < 2 || scaler.Spec.ScaleTargetRef.Name != deployment.Name || scaler.Spec.ScaleTargetRef.Kind != "Deployment" || deployment.Spec.Replicas != nil {
		t.Errorf("the autoscaler %+v does not keep two replicas of %s", scaler.Spec, deployment.Name)
	}
	budget := get[*policyv1.PodDisruptionBudget](t, found, "PodDisruptionBudget/catfoster")
	for name, selector := range map[string]map[string]string{
		"the disruption budget": budget.Spec.Selector.MatchLabels,
		"the deployment":        deployment.Spec.Selector.MatchLabels,
		"the service":           get[*corev1.Service](t, found, "Service/catfoster").Spec.Selector,
		"the internal service":  get[*corev1.Service](t, found, "Service/catfoster-internal").Spec.Selector,
		"the network policy":    get[*networkingv1.NetworkPolicy](t, found, "NetworkPolicy/catfoster").Spec.PodSelector.MatchLabels,
		"the spread over nodes": deployment.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
		"the spread over zones": deployment.Spec.Template.Spec.TopologySpreadConstraints[1].LabelSelector.MatchLabels,
	} {
		if !selects(selector, labels) {
			t.Errorf("%s selects %v, want the pods with %v", name, selector, labels)
		}
		if job := get[*batchv1.Job](t, found, "Job/catfoster-migrate"); selects(selector, job.Spec.Template.Labels) {
			t.Errorf("%s selects the pods of the migration too", name)
		}
	}
	update := deployment.Spec.Strategy.RollingUpdate
	if update.MaxUnavailable.IntValue() != 0 || budget.Spec.MaxUnavailable.IntValue() != 1 {
		t.Error("an update or a drained node takes away too many replicas")
	}
}

func TestKubernetes_Pods(t *testing.T) {
	t.Parallel()
	found := buildKubernetes(t)
	deployment := get[*appsv1.Deployment](t, found, "Deployment/catfoster")
	documentation, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, pod := range map[string]corev1.PodSpec{
		"the API": deployment.Spec.Template.Spec, "the migration": get[*batchv1.Job](t, found, "Job/catfoster-migrate").Spec.Template.Spec,
		"the cleanup": get[*batchv1.CronJob](t, found, "CronJob/catfoster-cleanup").Spec.JobTemplate.Spec.Template.Spec,
	} {
		container := pod.Containers[0]
		if !regexp.MustCompile(`:v\d+\.\d+\.\d+$`).MatchString(container.Image) {
			t.Errorf("%s has the image %s, want one with a version", name, container.Image)
		}
		security := container.SecurityContext
		if !*pod.SecurityContext.RunAsNonRoot || !*security.ReadOnlyRootFilesystem || *security.AllowPrivilegeEscalation ||
			!slices.Equal(security.Capabilities.Drop, []corev1.Capability{"ALL"}) || *pod.AutomountServiceAccountToken ||
			pod.SecurityContext.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
			t.Errorf("%s may more than it needs: %+v, %+v", name, pod.SecurityContext, security)
		}
		if container.Resources.Requests.Cpu().IsZero() || container.Resources.Limits.Memory().IsZero() {
			t.Errorf("%s has no request of CPU or no limit of memory", name)
		}
		for _, variable := range container.Env {
			if !bytes.Contains(documentation, []byte("--from-literal="+variable.ValueFrom.SecretKeyRef.Key+"=")) {
				t.Errorf("docs/operations.md does not say how to create the secret for %s of %s", variable.Name, name)
			}
			if variable.Value != "" || variable.ValueFrom.SecretKeyRef == nil || variable.ValueFrom.SecretKeyRef.Name != "catfoster" {
				t.Errorf("%s does not take %s from the secret", name, variable.Name)
			}
		}
	}
	container := deployment.Spec.Template.Spec.Containers[0]
	if container.LivenessProbe.HTTPGet.Path != "/health/alive" || container.ReadinessProbe.HTTPGet.Path != "/health/ready" {
		t.Error("the probes do not ask for liveness and readiness")
	}
}

// TestKubernetes_Configuration loads the environment of the API, with the secrets that
// docs/operations.md tells to create.
func TestKubernetes_Configuration(t *testing.T) {
	t.Parallel()
	found := buildKubernetes(t)
	pod := get[*appsv1.Deployment](t, found, "Deployment/catfoster").Spec.Template.Spec
	container := pod.Containers[0]
	settings := get[*corev1.ConfigMap](t, found, "ConfigMap/"+container.EnvFrom[0].ConfigMapRef.Name)
	secrets := map[string]string{
		"postgres-url": "postgres://cat:purr@postgres/catfoster", "action-api-key": "0123456789abcdef", "photo-storage": "s3://cat:purr@s3.example/cats",
	}
	known := map[string]bool{}
	for _, variable := range config.Describe[config.Config]() {
		known[variable.Name] = true
	}
	var environ []string
	for name, value := range settings.Data {
		environ = append(environ, name+"="+value)
	}
	for _, variable := range container.Env {
		environ = append(environ, variable.Name+"="+secrets[variable.ValueFrom.SecretKeyRef.Key])
	}
	for _, entry := range environ {
		if name, _, _ := strings.Cut(entry, "="); !known[name] {
			t.Errorf("the API has no variable %s", name)
		}
	}
	// The image sets the addresses to listen on.
	c, err := config.Load[config.Config](environ)
	if err != nil {
		t.Fatal(err)
	}
	if c.Environment.Name != "production" {
		t.Errorf("the environment is %s, want production", c.Environment.Name)
	}
	if !strings.HasPrefix(c.Photos.Storage, "s3:") {
		t.Error("the pods store photos on a disk, which they cannot write")
	}
	ports := map[string]int32{}
	for _, port := range container.Ports {
		ports[port.Name] = port.ContainerPort
	}
	if ports["public"] != int32(c.Listen.Port) || ports["internal"] != int32(c.Listen.InternalPort) {
		t.Errorf("the container has the ports %v, want those of the configuration", ports)
	}
	if grace := time.Duration(*pod.TerminationGracePeriodSeconds) * time.Second; grace < c.Listen.ShutdownDelay+2*c.Listen.RequestTimeout {
		t.Errorf("the API is killed after %s, before it can have ended", grace)
	}
	probe := container.ReadinessProbe
	if notices := time.Duration(probe.PeriodSeconds*probe.FailureThreshold) * time.Second; c.Listen.ShutdownDelay < notices {
		t.Errorf("the API stops accepting after %s, before the readiness probe notices (%s)", c.Listen.ShutdownDelay, notices)
	}
}

func TestKubernetes_InternalPortIsPrivate(t *testing.T) {
	t.Parallel()
	found := buildKubernetes(t)
	if port := get[*corev1.Service](t, found, "Service/catfoster").Spec.Ports; len(port) != 1 || port[0].TargetPort.String() != "public" {
		t.Errorf("the service for everybody has the ports %+v", port)
	}
	for _, rule := range get[*networkingv1.NetworkPolicy](t, found, "NetworkPolicy/catfoster").Spec.Ingress {
		if len(rule.Ports) != 1 {
			t.Fatalf("a rule allows the ports %+v, want one", rule.Ports)
		}
		if rule.Ports[0].Port.String() == "public" {
			continue
		}
		if len(rule.From) == 0 {
			t.Error("everybody may call the internal port")
		}
		for _, from := range rule.From {
			if from.NamespaceSelector == nil || from.PodSelector == nil {
				t.Errorf("a rule lets whole namespaces call the internal port: %+v", from)
			}
		}
	}
}
