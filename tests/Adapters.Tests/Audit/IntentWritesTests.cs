using System.Text;
using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Audit;

public class IntentWritesTests
{
    [Fact]
    public void Json_EveryForm_RoundTrips()
    {
        var writes = IntentWrites.From(new PlannedOperation(new Plan(),
        [
            new KeyWrite("/a", Encoding.UTF8.GetBytes("{\"cidr\":\"192.0.2.0/24\"}"), Expectation.Absent),
            new KeyWrite("/b", null, Expectation.At(18446744073709551615)),
            new KeyWrite("/c", new byte[] { 0xff, 0x00 }, Expectation.Any),
            new KeyWrite("/d", ReadOnlyMemory<byte>.Empty, Expectation.Any),
            new KeyWrite("/e", Encoding.UTF8.GetBytes("password=x"), Expectation.Any),
            new KeyWrite("/f", null, Expectation.Any) { EmptyDirectory = true },
        ])
        { DockerCalls = ["POST docker01 containers/create my_workload1"] });

        var json = writes.ToJson();
        var read = IntentWrites.Parse(json);

        Assert.Equal(writes.Writes.AsEnumerable(), read.Writes);
        Assert.Equal(writes.DockerCalls.AsEnumerable(), read.DockerCalls);
        Assert.Contains("""{"key":"/a","expect":"absent","value":"{\"cidr\":\"192.0.2.0/24\"}"}""", json, StringComparison.Ordinal);
        Assert.DoesNotContain("password=x", json, StringComparison.Ordinal);
        Assert.True(read.Writes[2].Stands(new StoredKey("/c", new byte[] { 0xff, 0x00 }, 1)));
        Assert.False(read.Writes[2].Stands(new StoredKey("/c", new byte[] { 0xff }, 1)));
        Assert.True(read.Writes[3].Stands(new StoredKey("/d", ReadOnlyMemory<byte>.Empty, 1)));
        Assert.False(read.Writes[3].Stands(null));
        Assert.True(read.Writes[4].Stands(new StoredKey("/e", Encoding.UTF8.GetBytes("password=x"), 1)));
        Assert.True(read.Writes[1].Stands(null));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"v":2,"writes":[],"docker":[]}""")]
    [InlineData("""{"v":1,"writes":[{"key":"/a","expect":"never"}],"docker":[]}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public void Parse_AnotherForm_ThrowsJsonException(string json) => Assert.ThrowsAny<JsonException>(() => IntentWrites.Parse(json));
}
