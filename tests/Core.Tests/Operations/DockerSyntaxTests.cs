using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>What Docker takes for names and images, and what it calls the same image.</summary>
public sealed class DockerSyntaxTests
{
    [Theory]
    [InlineData("busybox", "busybox:latest")]
    [InlineData("busybox:1.36", "busybox:1.36")]
    [InlineData("docker.io/library/busybox", "busybox:latest")]
    [InlineData("index.docker.io/library/busybox:1", "busybox:1")]
    [InlineData("library/busybox", "busybox:latest")]
    [InlineData("registry.test:5000/web", "registry.test:5000/web:latest")]
    [InlineData("registry.test:5000/web:2", "registry.test:5000/web:2")]
    [InlineData("web@sha256:0123", "web@sha256:0123")]
    [InlineData("quay.io/library/busybox", "quay.io/library/busybox:latest")]
    public void NormalizeImage_IsTheReferenceThatDockerLists(string image, string reference) => Assert.Equal(reference, DockerSyntax.NormalizeImage(image));

    [Theory]
    [InlineData("quay.io/calico/node:v2.6.9", "v2.6.9")]
    [InlineData("registry.test:5000/calico/node", "")]
    [InlineData("node", "")]
    [InlineData("node:v2@sha256:0123", "v2")]
    public void Tag_IsWhatFollowsTheNameOfTheImage(string image, string tag) => Assert.Equal(tag, DockerSyntax.Tag(image));

    [Theory]
    [InlineData("web", true)]
    [InlineData("w.e-b_1", true)]
    [InlineData("w", false)]
    [InlineData(".web", false)]
    [InlineData("web\n", false)]
    [InlineData("a/b", false)]
    public void ContainerName_IsTwoOrMoreOfDockersLetters(string name, bool valid) => Assert.Equal(valid, DockerSyntax.ContainerName(name) is null);

    [Theory]
    [InlineData("", "an image is needed")]
    [InlineData("Busybox", "invalid reference format: repository name must be lowercase")]
    [InlineData("registry.test/Web:2", "invalid reference format: repository name must be lowercase")]
    [InlineData("Registry.test/web:A b", "invalid reference format")]
    [InlineData("web:", "invalid reference format")]
    [InlineData("Registry.test/web:Two", null)]
    public void Image_IsRefusedInDockersWords(string image, string? reason) => Assert.Equal(reason, DockerSyntax.Image(image));

    [Fact]
    public void Image_ThatLooksLikeAnId_IsAskedByName() =>
        Assert.Contains("looks like an id", DockerSyntax.Image(new string('a', 64)), StringComparison.Ordinal);

    [Theory]
    [InlineData("port is already allocated", "port is already allocated")]
    [InlineData("Container 0123 is not running\n", "Container 0123 is not running. Start the container first.")]
    [InlineData("No command specified.", "No command specified. The image names no program: give a command.")]
    public void Advice_FollowsDockersSentence(string words, string said) => Assert.Equal(said, DockerAdvice.With(words));
}
