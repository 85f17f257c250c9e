using CalicoConsole.NodeEmulation.Plugin;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalicoConsole.Lab.Node;

/// <summary>Serves one Docker remote driver on its unix socket, as libnetwork-plugin does.</summary>
internal sealed class PluginServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PluginServer(WebApplication app) => _app = app;

    /// <summary>Listens on <c>folder/handler.SocketName</c>; a file left by a former process is replaced.</summary>
    public static async Task<PluginServer> StartAsync(IPluginHandler handler, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, handler.SocketName);
        Directory.CreateDirectory(folder);
        File.Delete(path);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(context => AnswerAsync(handler, context));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new PluginServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task AnswerAsync(IPluginHandler handler, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var answer = await handler.AnswerAsync(context.Request.Path, body.ToArray(), context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Bytes.Length;
        await context.Response.Body.WriteAsync(answer.Bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
