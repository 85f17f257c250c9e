using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

public sealed class DockerSettingsTests
{
    [Theory]
    [InlineData("unix:///var/run/docker.sock", false, "unix:///var/run/docker.sock", "http://docker/")]
    [InlineData("tcp://docker01", false, "tcp://docker01:2375", "http://docker01:2375/")]
    [InlineData("tcp://docker01", true, "tcp://docker01:2376", "https://docker01:2376/")]
    [InlineData("tcp://[2001:db8::1]:4243", false, "tcp://[2001:db8::1]:4243", "http://[2001:db8::1]:4243/")]
    [InlineData("http://192.0.2.45:2375", false, "http://192.0.2.45:2375", "http://192.0.2.45:2375/")]
    [InlineData("https://docker01", true, "https://docker01:2376", "https://docker01:2376/")]
    public void Endpoint_Accepted_IsRead(string text, bool tls, string display, string address)
    {
        Assert.True(DockerEndpoint.TryParse(text, tls, out var endpoint, out _));
        Assert.Equal((display, address), (endpoint.Display, endpoint.Base.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("docker01:2375")]
    [InlineData("ssh://docker01")]
    [InlineData("unix://var/run/docker.sock")]
    [InlineData("unix:///")]
    [InlineData("tcp://docker01:2375/v1.41")]
    [InlineData("tcp://user:secret@docker01:2375")]
    public void Endpoint_Refused_IsNamedWithoutSecrets(string text)
    {
        var error = Assert.Single(new DockerHostOptions { Name = "a", Endpoint = text }.Validate("Docker:Hosts:3"));

        Assert.StartsWith("Docker:Hosts:3:Endpoint: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingWrong_ListsEverySetting()
    {
        var errors = DockerHostOptions.ValidateAll(
            [
                new() { Name = "a", Endpoint = "tcp://a" },
                new() { Name = "A", Endpoint = "unix:///run/docker.sock", TlsDirectory = "/no/such/directory" },
                new() { Endpoint = "unix:///" + new string('x', 120), Limits = new DockerLimits { Query = TimeSpan.Zero } },
            ],
            "Docker:Hosts");

        Assert.Equal(
            [
                "Docker:Hosts:1:TlsDirectory", "Docker:Hosts:1:TlsDirectory", "Docker:Hosts:1:Name",
                "Docker:Hosts:2:Name", "Docker:Hosts:2:Endpoint", "Docker:Hosts:2:Limits:Query",
            ],
            errors.Select(e => e[..e.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Factory_WrongSettings_RefusesWithAllErrors()
    {
        var refused = Assert.Throws<ArgumentException>(() => new DockerHostFactory(TimeProvider.System).Create(new DockerHostOptions()));

        Assert.Contains("Name: is missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Endpoint: is missing", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.12", "1.41", "1.41")]
    [InlineData("1.12", "1.39", "1.39")]
    [InlineData("1.24", "1.47", "1.41")]
    [InlineData("1.44", "1.52", "1.44")]
    [InlineData("", "1.24", "1.24")]
    public void Version_Agreed_IsNeverOutsideWhatTheEngineSpeaks(string lowest, string highest, string agreed) =>
        Assert.Equal(Version.Parse(agreed), DockerConnection.Agree(lowest, highest));

    [Theory]
    [InlineData("""{"message":"network my_net not found"}""", "network my_net not found")]
    [InlineData("plain words\n", "plain words")]
    [InlineData("[1]", "[1]")]
    [InlineData("", "HTTP status 500 without a message")]
    public void Words_OfAnErrorBody_AreTheEngines(string body, string words) =>
        Assert.Equal(words, DockerErrors.Words(body, (int)HttpStatusCode.InternalServerError));

    [Theory]
    [InlineData("busybox", "busybox", "latest")]
    [InlineData("quay.io/calico/node:v2.6.9", "quay.io/calico/node", "v2.6.9")]
    [InlineData("localhost:5000/node", "localhost:5000/node", "latest")]
    [InlineData("node@sha256:abc", "node", "sha256:abc")]
    public void ImageName_Split_HasATag(string image, string name, string tag) =>
        Assert.Equal((name, tag), ImageName.Split(image));

    [Fact]
    public void Since_EnginesTime_IsNotLater()
    {
        Assert.Equal("1795473607.849071800", DockerMapping.Since("2026-11-23T22:40:07.849071943Z"));
        Assert.Equal("1795473607.849071800", DockerMapping.Since("2026-11-23T23:40:07.849071943+01:00"));
        Assert.Null(DockerMapping.Since(""));
    }

    [Fact]
    public void Lines_CutAnywhere_AreTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes("eins\r\nzwö\n\nréste 漢字");
        for (var size = 1; size <= bytes.Length; size++)
        {
            var splitter = new LineSplitter(isError: true);
            var lines = bytes.Chunk(size).SelectMany(c => splitter.Add(c)).ToList();
            lines.AddRange(splitter.End());
            Assert.Equal(["eins", "zwö", "", "réste 漢字"], lines.Select(l => l.Text));
            Assert.All(lines, l => Assert.True(l.IsError));
        }
    }

    [Fact]
    public void Lines_WithoutEnd_AreCut()
    {
        var splitter = new LineSplitter(isError: false);

        var lines = splitter.Add(Encoding.ASCII.GetBytes(new string('x', (2 * LineSplitter.LongestLine) + 5)));

        Assert.Equal([LineSplitter.LongestLine, LineSplitter.LongestLine], lines.Select(l => l.Text.Length));
        Assert.Equal("xxxxx", Assert.Single(splitter.End()).Text);
    }

    [Fact]
    public void Network_OfCalicoIpamWithoutSubnet_HasNone()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Repository.Golden("docker", "045-network-create-nosubnet.json")));
        var text = golden.RootElement.GetProperty("stdout").GetString()!;
        var network = JsonSerializer.Deserialize<global::Docker.DotNet.Models.NetworkResponse[]>(text[text.IndexOf('[', StringComparison.Ordinal)..])![0];

        var mapped = DockerMapping.Network(network);

        Assert.Equal(("any_net", "calico", "global", "calico-ipam"), (mapped.Name, mapped.Driver, mapped.Scope, mapped.IpamDriver));
        Assert.Empty(mapped.Subnets);
    }

    [Fact]
    public void NetworkRequest_Body_ChecksForDuplicates()
    {
        using var body = JsonDocument.Parse(DockerMapping.Create(new DockerNetworkRequest("my_net", "calico", "calico-ipam", ["192.0.2.0/24"])));

        Assert.True(body.RootElement.GetProperty("CheckDuplicate").GetBoolean());
        Assert.Equal("192.0.2.0/24", body.RootElement.GetProperty("IPAM").GetProperty("Config")[0].GetProperty("Subnet").GetString());
    }
}
