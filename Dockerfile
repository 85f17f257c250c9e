# Calico Console as an image. Other base images by --build-arg, for machines that cannot reach Microsoft's registry.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
# The YAML editor is bundled from npm packages; without them pages have a plain text box.
RUN apt-get update && apt-get install --yes --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish src/Web --configuration Release --output /app --self-contained false -p:UseAppHost=false
# What captures run in, for Docker hosts without a registry.
RUN apt-get update && apt-get install --yes --no-install-recommends busybox-static tcpdump && rm -rf /var/lib/apt/lists/* \
    && bash src/Lab/Scripts/helper-archive.sh /app/helper.tar

FROM ${RUNTIME_IMAGE}
COPY --from=build /app /app
WORKDIR /app
# Audit, users and keys; the only place that is written to.
VOLUME /data
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    ConnectionStrings__Console="Data Source=/data/console.db"
EXPOSE 8080
ENTRYPOINT ["dotnet", "CalicoConsole.Web.dll"]
