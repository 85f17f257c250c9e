using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Tests.Model.V1;

/// <summary>A null or blank within a list never drops a condition without a word, wherever it comes from.</summary>
public sealed class StoredNullTests
{
    [Theory]
    [InlineData("src_nets", "\"10.0.0.0/8\"")]
    [InlineData("!src_nets", "\"10.0.0.0/8\"")]
    [InlineData("dst_nets", "\"10.0.0.0/8\"")]
    [InlineData("!dst_nets", "\"10.0.0.0/8\"")]
    [InlineData("src_ports", "80")]
    [InlineData("!src_ports", "80")]
    [InlineData("dst_ports", "80")]
    [InlineData("!dst_ports", "80")]
    public void Decode_NullWithinAListOfConditions_CannotBeRead(string list, string good)
    {
        Decoded<Policy> Of(string items) =>
            PolicyCodec.Decode(
                "p",
                Encoding.UTF8.GetBytes($"{{\"selector\":\"all()\",\"inbound_rules\":[{{\"action\":\"deny\",\"protocol\":\"tcp\",\"{list}\":[{items}]}}]}}"));
        Assert.True(Of(good).IsOk);
        Assert.Contains($"{list}[0]", Of("null").Reason, StringComparison.Ordinal);
        Assert.Contains($"{list}[1]", Of($"{good},null").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nets")]
    [InlineData("notNets")]
    [InlineData("ports")]
    [InlineData("notPorts")]
    public void TryRead_NullWithinAListOfConditions_IsRefused(string list)
    {
        using var document = JsonDocument.Parse(
            "{\"apiVersion\":\"v1\",\"kind\":\"policy\",\"metadata\":{\"name\":\"p\"},"
            + $"\"spec\":{{\"egress\":[{{\"action\":\"deny\",\"protocol\":\"udp\",\"destination\":{{\"{list}\":[null]}}}}]}}}}");
        Assert.False(ResourceDocument.TryRead<Policy>(document.RootElement, out _, out var errors));
        Assert.Equal($"spec.egress[0].destination.{list}[0]", Assert.Single(errors).Field);
    }

    [Theory]
    [InlineData("{\"name\":\"eth0\",\"expected_ipv6_addrs\":[\"\"]}")]
    [InlineData("{\"expected_ipv4_addrs\":[\"10.0.0.1\"],\"expected_ipv6_addrs\":[\"\",\"fd00::1\",\"\",\"\",\"fd00::2\"]}")]
    public void HostEndpoint_BlankAddresses_StayInTheirPlaces(string stored)
    {
        var endpoint = HostEndpointCodec.Decode("n", "h", Encoding.UTF8.GetBytes(stored)).Value!;
        Assert.Equal(stored, Encoding.UTF8.GetString(HostEndpointCodec.Encode(endpoint)));
        Assert.True(ResourceDocument.TryRead<HostEndpoint>(ResourceDocument.Write(endpoint), out var again, out _));
        Assert.Equal(stored, Encoding.UTF8.GetString(HostEndpointCodec.Encode(again)));
    }
}
